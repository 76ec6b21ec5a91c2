// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"crypto/tls"
	"fmt"
	"sync/atomic"

	"github.com/pulp/pulpmetrics/internal/serve"
)

// certificate is a certificate in files, as it was when it was loaded last; nil is none.
type certificate struct {
	cert, key string
	loaded    atomic.Pointer[tls.Certificate]
}

// certificate loads the certificate that flags name.
func (a *app) certificate(o serveOptions) (*certificate, error) {
	if o.cert == "" {
		return nil, nil
	}
	c := &certificate{cert: a.abs(o.cert), key: a.abs(o.key)}
	return c, c.load()
}

// load reads the files. With an error, what was loaded before stays.
func (c *certificate) load() error {
	if c == nil {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("the certificate in %s and the key in %s can't be used: %w", c.cert, c.key, err)
	}
	c.loaded.Store(&pair)
	return nil
}

// show returns what shows it in handshakes; nil is no TLS.
func (c *certificate) show() serve.Certificate {
	if c == nil {
		return nil
	}
	return func() (*tls.Certificate, error) { return c.loaded.Load(), nil }
}
