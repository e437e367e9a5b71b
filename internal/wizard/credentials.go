package wizard

import (
	"context"
	"errors"

	"example.com/sfconnect/internal/salesforce"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// askCredentials is step 4: both values, cleaned, and checked with Salesforce at once.
func (s *Setup) askCredentials(ctx context.Context) error {
	from := " from the page that you left open: " + appPath(s.filled()) + " › Settings › OAuth Settings › Consumer Key and Secret."
	if s.hasSecret() {
		s.screen(4, "", "Copy both values"+from, "The secret is not shown, and it is kept in "+s.Machine.Secrets.Label()+" alone.")
	} else {
		s.screen(4, "Consumer Key", "Copy the Consumer Key"+from, "The secret beside it is not needed: this integration works without one.")
	}
	for {
		if err := s.enterBoth(ctx); err != nil {
			return err
		}
		verdict, err := s.checkApp(ctx)
		if err != nil {
			return err
		}
		if verdict == appAccepted {
			s.p.KeyDone = true
			return nil
		}
	}
}

func (s *Setup) enterBoth(ctx context.Context) error {
	key, err := s.enterKey(ctx)
	if err != nil || !s.hasSecret() {
		return err
	}
	for {
		kept, err := s.keptSecret(ctx)
		if err != nil {
			return err
		}
		value, err := s.enterSecret(ctx, kept)
		if errors.Is(err, ErrBack) {
			if key, err = s.enterKey(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if salesforce.Swapped(key, value) {
			s.UI.Say(Line{Mark: MarkFail, Text: "Key and secret seem to be swapped: the secret looks like a Consumer Key, and the key does not."})
			if key, err = s.enterKey(ctx); err != nil {
				return err
			}
			continue
		}
		if !value.Equal(kept) {
			s.look = nil
		}
		return s.keepSecret(ctx, value)
	}
}

func (s *Setup) enterKey(ctx context.Context) (string, error) {
	raw, err := s.UI.Ask(ctx, Question{
		ID: "consumer_key", Title: "Consumer Key", Default: s.preset("consumer_key", s.p.ConsumerKey), Hint: "3MVG9…",
		Check:     func(raw string) error { _, _, err := salesforce.CleanKey(raw); return asSentence(err) },
		Sensitive: salesforce.HoldsSecret,
	})
	if err != nil {
		return "", err
	}
	key, warning, err := salesforce.CleanKey(raw)
	if err != nil {
		return "", err
	}
	if warning != "" {
		s.UI.Say(Line{Mark: MarkWarn, Text: warning})
	}
	s.p.ConsumerKey = key
	return key, s.save()
}

func (s *Setup) enterSecret(ctx context.Context, kept secret.Value) (secret.Value, error) {
	q := Question{
		ID: "consumer_secret", Title: "Consumer Secret", Suggest: kept,
		Check: func(raw string) error {
			if raw == "" && !kept.Empty() {
				return nil
			}
			_, _, err := salesforce.CleanSecret(raw)
			return asSentence(err)
		},
	}
	raw, err := s.UI.AskSecret(ctx, q)
	if err != nil {
		return secret.Value{}, err
	}
	value, warning, err := salesforce.CleanSecret(raw.Reveal())
	if err != nil {
		return secret.Value{}, err
	}
	s.Machine.Redactor.Hide(value)
	if warning != "" {
		s.UI.Say(Line{Mark: MarkWarn, Text: warning})
	}
	return value, nil
}

// keptSecret is what an empty entry stands for: the caller's, else what waits in the store.
func (s *Setup) keptSecret(ctx context.Context) (secret.Value, error) {
	if !s.PresetSecret.Empty() {
		return s.PresetSecret, nil
	}
	if !s.p.HasSecret || s.p.SecretRefused {
		return secret.Value{}, nil
	}
	return s.Machine.Draft(ctx, s.p.DraftID, store.ConsumerSecret)
}

func (s *Setup) keepSecret(ctx context.Context, v secret.Value) error {
	if err := s.Machine.SaveDraft(ctx, s.p.DraftID, store.ConsumerSecret, v); err != nil {
		return err
	}
	s.p.HasSecret, s.p.SecretRefused = true, false
	return s.save()
}
