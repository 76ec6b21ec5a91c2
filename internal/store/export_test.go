// SPDX-License-Identifier: GPL-2.0-or-later

package store

import "context"

// QueryRow asks for one number.
func (s *Store) QueryRow(ctx context.Context, query string, into *int64, args ...any) error {
	return s.read.QueryRowContext(ctx, s.dialect.Placeholders(query), args...).Scan(into)
}
