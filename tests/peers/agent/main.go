// The trace part of the Datadog Agent with its OTLP receiver, as a node Agent runs it.
//
// It is set up by the Agent's own environment variables. As in the Agent, OTLP over HTTP is taken by
// a door of its own that hands it to the trace part; there is no tagger, no remote configuration and
// no statsd. SIGTERM sends what is left and ends it.
package main

import (
	"compress/gzip"
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"

	gzipimpl "github.com/DataDog/datadog-agent/comp/trace/compression/impl-gzip"
	"github.com/DataDog/datadog-agent/pkg/opentelemetry-mapping-go/otlp/attributes"
	"github.com/DataDog/datadog-agent/pkg/trace/agent"
	"github.com/DataDog/datadog-agent/pkg/trace/config"
	"github.com/DataDog/datadog-agent/pkg/trace/telemetry"
	"github.com/DataDog/datadog-go/v5/statsd"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// settings returns the defaults of the Agent, with what the environment says.
func settings() *config.AgentConfig {
	translator, err := attributes.NewTranslator(componenttest.NewNopTelemetrySettings())
	if err != nil {
		log.Fatal(err)
	}
	conf := config.New()
	conf.Endpoints = []*config.Endpoint{{
		Host:   os.Getenv("DD_APM_DD_URL"),
		APIKey: os.Getenv("DD_API_KEY"),
	}}
	conf.Hostname = os.Getenv("DD_HOSTNAME")
	conf.AgentVersion = "7.84.6"
	conf.ReceiverEnabled = false
	conf.TelemetryConfig.Enabled = false
	conf.OTLPReceiver = &config.OTLP{ProbabilisticSampling: 100, AttributesTranslator: translator}
	for _, feature := range strings.Fields(os.Getenv("DD_APM_FEATURES")) {
		conf.Features[feature] = struct{}{}
	}
	return conf
}

// body returns the body of a request, unpacked.
func body(r *http.Request) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "gzip" {
		return io.ReadAll(r.Body)
	}
	unpacked, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unpacked)
}

// door takes OTLP over HTTP, in protobuf, for the Agent.
func door(to *agent.Agent) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		request := ptraceotlp.NewExportRequest()
		sent, err := body(r)
		if err == nil {
			err = request.UnmarshalProto(sent)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		response, err := to.OTLPReceiver.Export(r.Context(), request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		answer, _ := response.MarshalProto()
		w.Header().Set("Content-Type", "application/x-protobuf")
		_, _ = w.Write(answer)
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	running := agent.NewAgent(ctx, settings(), telemetry.NewNoopCollector(),
		&statsd.NoOpClient{}, gzipimpl.NewComponent())
	http.Handle("POST /v1/traces", door(running))
	address := os.Getenv("DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT")
	go func() { log.Fatal(http.ListenAndServe(address, nil)) }()
	running.Run()
}
