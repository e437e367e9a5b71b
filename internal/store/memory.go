package store

import "sync"

// Memory is a Keychain that forgets everything when the process ends: the
// throw-away store of `init --practice`. It is safe for concurrent use.
type Memory struct {
	mu    sync.Mutex
	items map[[2]string]string
}

// NewMemory gives an empty store.
func NewMemory() *Memory { return &Memory{items: map[[2]string]string{}} }

// Get implements Keychain.
func (m *Memory) Get(service, user string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.items[[2]string{service, user}]
	if !ok {
		return "", ErrNotFound
	}
	return value, nil
}

// Set implements Keychain.
func (m *Memory) Set(service, user, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[[2]string{service, user}] = value
	return nil
}

// Delete implements Keychain.
func (m *Memory) Delete(service, user string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := [2]string{service, user}
	if _, ok := m.items[key]; !ok {
		return ErrNotFound
	}
	delete(m.items, key)
	return nil
}

// Accounts implements Lister.
func (m *Memory) Accounts(service string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var users []string
	for key := range m.items {
		if key[0] == service {
			users = append(users, key[1])
		}
	}
	return users, nil
}

// Len is the number of items held.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.items)
}

// Name implements Named.
func (*Memory) Name() string { return "practice" }

// Label implements Named.
func (*Memory) Label() string { return "a throw-away store (practice)" }
