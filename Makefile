# What a user types. Each target installs what it needs; `make help` lists them.
CLUSTER_NAME ?= local
SEEDS ?= 10000
KILLS ?= 200

.DEFAULT_GOAL := help
.PHONY: help demo down test unit integration e2e conformance chaos bench images cluster crds build clean

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## watch an agent survive a real OOM kill and a real eviction
	@tests/demo

down: ## stop every local cluster and remove what it made
	@tests/testbed/cluster/cluster down --all

test: ## unit, integration and end-to-end tests
	@tests/run unit integration e2e

unit: ## unit tests only
	@tests/run unit

integration: ## tests against a real etcd and kube-apiserver
	@tests/run integration

e2e: ## tests against a real cluster with a node
	@tests/run e2e

conformance: ## the conformance test of runners: of this repository's, or RUNNER=image, or RUNNER_COMMAND="a local command"
	@tests/conformance $(if $(RUNNER),--image "$(RUNNER)") $(if $(RUNNER_COMMAND),--command '$(RUNNER_COMMAND)')

chaos: ## faults at every await of a simulation, then kills on a real cluster at work; SEEDS=10000 KILLS=200
	@dotnet run --project tests/testbed/AgentOperator.Chaos -c Release -v q -- all --seeds $(SEEDS) --kills $(KILLS)

bench: ## measure the operator beside its peers; writes docs/benchmarks.md; BENCH="--only throughput --runs 200"
	@dotnet build tests/testbed/AgentOperator.Benchmarks -c Release -v q --nologo
	@dotnet run --no-build --project tests/testbed/AgentOperator.Benchmarks -c Release -v q -- $(BENCH)

images: ## image archives; REGISTRY=host/prefix pushes them as well
	@tests/testbed/cluster/images

cluster: ## a real Kubernetes on this machine, without the operator
	@tests/testbed/cluster/cluster up --name $(CLUSTER_NAME)

crds: ## write crds/ and the chart's copy from the C# types
	@dotnet run --project operator/AgentOperator.CrdGenerator -v q

build: ## build everything, warnings are errors
	@dotnet build AgentOperator.sln -c Release -v q --nologo

clean: ## remove build output
	@find . -type d \( -name bin -o -name obj -o -name TestResults \) -prune -exec rm -rf {} +
