// SPDX-License-Identifier: GPL-2.0-or-later

package store_test

import (
	"os"
	"testing"

	"github.com/pulp/pulpmetrics/internal/store/storetest"
)

var servers storetest.Server

func TestMain(m *testing.M) { os.Exit(servers.Run(m)) }
