# Leanserve's commands. `make` alone explains them.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CONFIGURATION ?= Release
BIN := artifacts/bin
PUBLISH := dotnet publish -c $(CONFIGURATION) --nologo -v quiet -o $(BIN)
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

##@ Use
.PHONY: demo
demo: build ## The whole product on this machine: local control plane, operator, samples, answers. CLUSTER=current uses the current kubeconfig's cluster
	@$(BIN)/leanserve-demo $(if $(filter current,$(CLUSTER)),--cluster current)

.PHONY: build
build: ## Publish leanserve, leanserve-server, leanserve-operator to artifacts/bin
	@echo "Building to $(BIN) …"
	@for project in src/Leanserve.Cli src/Leanserve.Server src/Leanserve.Operator tests/LocalCluster tests/Demo; do $(PUBLISH) $$project; done

##@ Develop
.PHONY: test
test: ## Run all tests, those on a real kube-apiserver and the demo included; ends with "N passed, N failed"
	@tests/run

.PHONY: test-cuda
test-cuda: ## Run the runtime's tests for GPUs, on a machine with an NVIDIA GPU and the libraries of CUDA 13
	@dotnet run -c $(CONFIGURATION) --project tests/Leanserve.Onnx.Tests --artifacts-path artifacts/cuda -p:Accelerator=cuda -- -noLogo -namespace Leanserve.Onnx.Tests.Cuda

.PHONY: bench
bench: ## Run the benchmarks and print ratios; ONLY=<name> runs one; Accelerator=cuda on a GPU; writes artifacts/bench/*.json
	@dotnet run -c Release --project tests/Benchmarks -- $(if $(ONLY),--only $(ONLY))

.PHONY: experiments
experiments: build ## Strategies against corpus size, decoding and ambiguity, on answers; rewrites the tables of config/docs/experiments.md
	@tests/experiments

.PHONY: generate
generate: ## Regenerate CRDs, RBAC, chart copies and the field reference from the code
	@dotnet run -c $(CONFIGURATION) --project config/Generator -- generate

.PHONY: verify
verify: ## Fail when something generated is stale
	@dotnet run -c $(CONFIGURATION) --project config/Generator -- verify

.PHONY: cluster
cluster: build ## A local control plane with a node agent, without the operator, until Ctrl-C
	@$(BIN)/leanserve-local-cluster up

.PHONY: clean
clean: ## Remove what was built (the cache of control-plane binaries stays)
	@rm -rf artifacts && find src tests config -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +

##@ Ship
REGISTRY ?= ghcr.io/leanserve
TAG ?= 0.1.0
# API servers before 1.25 know no CEL rules and refuse a CRD that has them.
MANIFESTS = $(shell kubectl version -o json 2>/dev/null | awk -F'"' '/"serverVersion"/ {s=1} s && $$2 == "minor" {print ($$4 + 0 >= 25 ? "config/default" : "config/legacy")}')
# CUDA's libraries are in the base image, .NET in what is published.
CUDA_IMAGE := --self-contained -r linux-x64 -p:ContainerBaseImage=nvidia/cuda:13.0.1-runtime-ubuntu24.04
.PHONY: images
images: ## Build the images of operator, command line and runtime (ACCELERATOR=cpu builds a runtime without CUDA)
	@dotnet publish src/Leanserve.Operator -c Release -t:PublishContainer -p:ContainerRepository=$(REGISTRY)/operator -p:ContainerImageTag=$(TAG)
	@dotnet publish src/Leanserve.Cli -c Release -t:PublishContainer -p:ContainerRepository=$(REGISTRY)/cli -p:ContainerImageTag=$(TAG)
	@dotnet publish src/Leanserve.Server -c Release -t:PublishContainer -p:Accelerator=$(or $(ACCELERATOR),cuda) $(if $(filter cpu,$(ACCELERATOR)),,$(CUDA_IMAGE)) -p:ContainerRepository=$(REGISTRY)/server -p:ContainerImageTag=$(TAG)-$(or $(ACCELERATOR),cuda)

.PHONY: deploy
deploy: ## Install into the cluster of the current kubeconfig
	@kubectl apply --server-side -k $(MANIFESTS)

.PHONY: undeploy
undeploy: ## Remove what deploy installed; every LlmDeployment goes with it
	@kubectl delete --ignore-not-found -k $(MANIFESTS)

##@ Help
.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
