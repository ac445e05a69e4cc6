# The commands of the Kubernetes side. Everything else is npm's: see the README.
CLUSTER ?= drawbridge
IMAGE ?= drawbridge:ci
KUBECTL ?= kubectl

.DEFAULT_GOAL := help
.PHONY: help kind-create kind-delete image kind-load deploy undeploy test-e2e manifests

help: ## this list
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-12s %s\n", $$1, $$2 }'

kind-create: ## a local cluster, with Milo's kinds in it
	kind create cluster --name $(CLUSTER) --config config/kind.yaml
	$(KUBECTL) --context kind-$(CLUSTER) apply --server-side -k config/crd

kind-delete: ## takes it away again
	kind delete cluster --name $(CLUSTER)

image: ## builds the container image
	docker build -f deploy/docker/Dockerfile -t $(IMAGE) .

kind-load: image ## brings the image into the cluster
	kind load docker-image --name $(CLUSTER) $(IMAGE)

deploy: kind-load ## everything on the local cluster; cert-manager has to be there
	$(KUBECTL) --context kind-$(CLUSTER) apply -k config/overlays/ci

undeploy: ## takes it out again
	$(KUBECTL) --context kind-$(CLUSTER) delete -k config/overlays/ci --ignore-not-found

# On the programs of KUBEBUILDER_ASSETS where that is set, else on the cluster of kind-create.
test-e2e: ## the programs beside a cluster, on a real kube-apiserver; their logs are in test/
	npm ci
	mkdir -p test
	if [ -z "$$KUBEBUILDER_ASSETS" ]; then \
	  kind get kubeconfig --name $(CLUSTER) > test/kubeconfig && export E2E_KUBECONFIG="$$PWD/test/kubeconfig"; \
	fi; \
	E2E_LOGS="$$PWD/test" npx --no-install vitest run e2e/kubernetes packages/kubernetes

manifests: ## writes what is generated below config/
	npx --no-install node --conditions=@drawbridge/source scripts/generate.ts
