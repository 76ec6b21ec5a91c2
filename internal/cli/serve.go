// SPDX-License-Identifier: GPL-2.0-or-later

package cli

import (
	"context"

	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pulp/pulpmetrics/internal/diag"
	"github.com/pulp/pulpmetrics/internal/registry"
	"github.com/pulp/pulpmetrics/internal/serve"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	listen  string
	db      string
	site    string
	cert    string
	key     string
	proxies []string
	prefix  string
	log     string
	limits  serve.Limits
}

// loopback are the proxies that are trusted unless others are named.
var loopback = []string{"127.0.0.0/8", "::1/128"}

func (a *app) serve() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:     "serve",
		GroupID: "run",
		Short:   "Receive reports, and store what is approved of them",
		Long: `Receive the reports that installations post, and store what is approved of them. A
report is answered once it is durable. Nothing else of it is kept: neither what
nobody approved, nor addresses, nor user agents. The log has a line for each report,
which names the proposals that it carried and none of its values.

  POST   /                report
  DELETE /systems/ID      forget all that is stored about a system
  GET    /summaries/ID    published rows; ?from=DAY&to=DAY&format=json|csv
  GET    /healthz, /readyz, /metrics

SIGHUP reads the registry again, and the certificate: a metric that was suspended is
erased at once. SIGTERM finishes what was begun, and ends.

Behind a proxy, name its address with --trusted-proxy: it is believed for whom it
asks (X-Forwarded-For), so that limits are for each client and not for all together.`,
		Example: `  pulpmetrics serve --listen :8080 --site production
  pulpmetrics serve --site dev --db postgres://metrics@db/metrics
  pulpmetrics serve --listen :443 --site dev --tls-cert c.pem --tls-key k.pem`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runServe(cmd.Context(), o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "localhost:8080", "`ADDR` to listen on: HOST:PORT, or unix:PATH")
	dbFlag(cmd, &o.db)
	flags.StringVar(&o.site, "site", "", "`SITE` of pulpmetrics.yaml: who posts here, such as production or dev")
	flags.StringVar(&o.cert, "tls-cert", "", "certificate in a PEM `FILE`, with its chain")
	flags.StringVar(&o.key, "tls-key", "", "its key in a PEM `FILE`")
	flags.StringArrayVar(&o.proxies, "trusted-proxy", loopback, "believe this `NETWORK` for whom it asks; more than once for several")
	flags.StringVar(&o.prefix, "prefix", "", "`PATH` below which everything is, such as /analytics")
	flags.StringVar(&o.log, "log", "json", "log as `FORMAT`: json or text")
	limitFlags(cmd, &o.limits)
	flags.SortFlags = false
	_ = cmd.RegisterFlagCompletionFunc("log", cobra.FixedCompletions([]string{"json", "text"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func limitFlags(cmd *cobra.Command, l *serve.Limits) {
	flags := cmd.Flags()
	flags.IntVar(&l.Body, "max-body", 1<<20, "longest report, in `BYTES`")
	flags.IntVar(&l.Connections, "max-connections", 1024, "`NUMBER` of connections at once; one client gets a quarter")
	flags.Float64Var(&l.Rate, "rate", 20, "`REPORTS` a second that one client may send; 0 is any number")
	flags.DurationVar(&l.Drain, "drain", 30*time.Second, "longest `TIME` to finish what was begun")
}

// check refuses what can't be meant.
func (o *serveOptions) check() (proxies []netip.Prefix, err error) {
	switch _, _, err := net.SplitHostPort(o.listen); {
	case err != nil && !strings.HasPrefix(o.listen, "unix:"):
		return nil, usagef("--listen is %q: use HOST:PORT, :PORT or unix:PATH", o.listen)
	case (o.cert == "") != (o.key == ""):
		return nil, usagef("--tls-cert and --tls-key go together")
	case o.prefix != "" && (o.prefix[0] != '/' || strings.ContainsAny(o.prefix, "{}?#% ")):
		return nil, usagef("--prefix is %q: use a path such as /analytics", o.prefix)
	case o.log != "json" && o.log != "text":
		return nil, usagef("--log is %q: use json or text", o.log)
	case o.limits.Body < 1 || o.limits.Body > 64<<20:
		return nil, usagef("--max-body is %d: use a number of bytes from 1 to %d", o.limits.Body, 64<<20)
	case o.limits.Connections < 1 || o.limits.Rate < 0 || o.limits.Drain <= 0:
		return nil, usagef("--max-connections and --drain have to be above 0, and --rate not below it")
	}
	for _, text := range o.proxies {
		p, err := network(text)
		if err != nil {
			return nil, err
		}
		proxies = append(proxies, p)
	}
	if o.limits.Rate == 0 {
		o.limits.Rate = -1 // 0 is the default there
	}
	return proxies, nil
}

// network reads an address or a network.
func network(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, usagef("--trusted-proxy is %q: use an address, or a network such as 10.0.0.0/8", text)
	}
	return p.Masked(), nil
}

// runServe serves until a signal ends it.
func (a *app) runServe(ctx context.Context, o serveOptions) error {
	proxies, err := o.check()
	if err != nil {
		return err
	}
	r, err := a.approved()
	if err != nil {
		return err
	}
	if err := serve.KnownSite(r, o.site); err != nil {
		return usageError{err}
	}
	shown, err := a.certificate(o)
	if err != nil {
		return err
	}
	db, err := a.receivingStore(ctx, o.db, o.site, r)
	if err != nil {
		return err
	}
	defer db.Close()
	logger := a.logger(o.log)
	service, err := serve.New(serve.Options{
		Store: db, Registry: r, Site: o.site, Now: a.runningClock(), Log: logger,
		Limits: o.limits, Proxies: proxies, Prefix: o.prefix,
	})
	if err != nil {
		return err
	}
	return a.listen(ctx, service, shown, logger, o)
}

// runningClock is the clock of something that lasts: where --now names a time, it starts there and
// goes on.
func (a *app) runningClock() func() time.Time {
	if a.now == "" {
		return a.Now
	}
	from, start := a.Now(), time.Now()
	return func() time.Time { return from.Add(time.Since(start)) }
}

func (a *app) logger(format string) *slog.Logger {
	if format == "text" {
		return slog.New(slog.NewTextHandler(a.Stderr, nil))
	}
	return slog.New(slog.NewJSONHandler(a.Stderr, nil))
}

// approved returns the registry of the project, or the embedded one. With errors in it nobody could
// say what is approved.
func (a *app) approved() (*registry.Registry, error) {
	v, err := a.anyVerdict()
	if v == nil {
		return nil, err
	}
	if err == nil && diag.Count(0, v.diagnostics).Errors == 0 {
		return v.registry, nil
	}
	return nil, a.conclude(v, err, "text")
}

// listen serves on an address, and does what signals ask for.
func (a *app) listen(ctx context.Context, service *serve.Server, shown *certificate, logger *slog.Logger, o serveOptions) error {
	l, err := a.open(o.listen)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	go a.reloads(ctx, func() {
		a.reload(ctx, service, logger)
		if err := shown.load(); err != nil {
			logger.Error("the certificate stays as it was", "error", err)
		}
	})
	logger.Info("listening", "address", l.Addr().String(), "site", o.site, "tls", shown != nil)
	if err := service.Serve(ctx, l, shown.show()); err != nil {
		return fmt.Errorf("not everything was finished: %w", err)
	}
	logger.Info("ended")
	return nil
}

// open listens on HOST:PORT or unix:PATH.
func (a *app) open(address string) (net.Listener, error) {
	if path, isUnix := strings.CutPrefix(address, "unix:"); isUnix {
		return net.Listen("unix", a.abs(path))
	}
	return net.Listen("tcp", address)
}

// reloads calls reload for each SIGHUP, one after the other.
func (a *app) reloads(ctx context.Context, reload func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for {
		select {
		case <-hangups:
			reload()
		case <-ctx.Done():
			return
		}
	}
}

// reload reads the registry again, and puts it in force.
func (a *app) reload(ctx context.Context, service *serve.Server, logger *slog.Logger) {
	v, err := a.anyVerdict()
	if err == nil {
		if n := diag.Count(0, v.diagnostics).Errors; n > 0 {
			err = fmt.Errorf("%s, such as: %s; run `pulpmetrics check`", plural(n, "error"), v.diagnostics[0].Message)
		}
	}
	if err == nil {
		err = service.Reload(ctx, v.registry)
	}
	if err != nil {
		logger.Error("the registry was not reloaded", "error", err)
		return
	}
	logger.Info("the registry was reloaded")
}
