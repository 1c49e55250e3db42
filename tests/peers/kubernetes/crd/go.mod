// Datadog's Operator, for the definition of its resource.
module gutenberg-explorer/tests/peers/kubernetes/crd

go 1.26.0

require github.com/DataDog/datadog-operator v1.30.0
