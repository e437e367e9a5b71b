package main

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// plot draws wall time against the number of connections, both logarithmic: what is
// flat per connection is a straight line.
func (r results) plot(file string) error {
	p := plot.New()
	p.Title.Text = "Wall time of one command for many connections"
	p.X.Label.Text, p.Y.Label.Text = "connections", "seconds"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true
	p.Add(plotter.NewGrid())

	var ours, curl plotter.XYs
	for _, f := range r.fleets {
		ours = append(ours, plotter.XY{X: float64(f.n), Y: f.seconds()})
		if r.network.curl != nil {
			curl = append(curl, plotter.XY{X: float64(f.n), Y: float64(f.n) * r.network.curl.median() / 1000})
		}
	}
	line, points, err := plotter.NewLinePoints(ours)
	if err != nil {
		return err
	}
	line.Color, line.Width = color.RGBA{R: 0x06, G: 0x66, B: 0xb4, A: 0xff}, vg.Points(2)
	points.Color = line.Color
	p.Add(line, points)
	p.Legend.Add("sfconnect test --all", line, points)
	if curl != nil {
		row, err := plotter.NewLine(curl)
		if err != nil {
			return err
		}
		row.Color, row.Dashes = color.RGBA{R: 0xb4, G: 0x40, B: 0x06, A: 0xff}, []vg.Length{vg.Points(6), vg.Points(4)}
		p.Add(row)
		p.Legend.Add("curl, one request after the other (one measured, multiplied)", row)
	}
	p.Y.Max *= 8 // room for the legend
	p.X.Max *= 2 // and for the last number
	return p.Save(18*vg.Centimeter, 11*vg.Centimeter, file)
}
