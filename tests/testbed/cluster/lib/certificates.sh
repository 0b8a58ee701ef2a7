# shellcheck shell=bash
# One certificate authority a cluster, a certificate for each identity, and the kubeconfig files that use them.

create_certificates() {
  create_authority
  create_service_account_key
  local names="DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
  create_certificate kube-apiserver /CN=kube-apiserver "$names,IP:127.0.0.1,IP:$SERVICE_SUBNET.1,IP:$API_ADDRESS"
  create_identity admin /O=system:masters/CN=admin
  create_identity kube-controller-manager /CN=system:kube-controller-manager
  if [[ $VARIANT == node ]]; then
    create_identity kube-scheduler /CN=system:kube-scheduler
    create_identity kube-proxy /CN=system:kube-proxy
    create_identity kubelet "/O=system:nodes/CN=system:node:$NAME"
    create_certificate kubelet-server "/CN=$NAME" "DNS:$NAME,IP:$API_ADDRESS"
    create_certificate kube-apiserver-kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
  fi
  cp "$KUBECONFIGS/admin" "$KUBECONFIG_FILE"
  chmod 0600 "$KUBECONFIG_FILE"
  [[ -z ${SUDO_UID:-} ]] || chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$KUBECONFIG_FILE"
}

create_authority() {
  [[ -e $CERTIFICATES/ca.crt ]] && return
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=agentoperator-$NAME" \
    -keyout "$CERTIFICATES/ca.key" -out "$CERTIFICATES/ca.crt" 2>/dev/null
}

create_service_account_key() {
  [[ -e $CERTIFICATES/service-account.key ]] && return
  openssl ecparam -genkey -name prime256v1 -noout -out "$CERTIFICATES/service-account.key"
}

# create_certificate NAME SUBJECT [ALTERNATIVE_NAMES]
create_certificate() {
  local file=$CERTIFICATES/$1 extensions='extendedKeyUsage=serverAuth,clientAuth'
  [[ -e $file.crt ]] && return
  [[ -z ${3:-} ]] || extensions+=$'\n'"subjectAltName=$3"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$file.key" -out "$file.csr" 2>/dev/null
  openssl x509 -req -in "$file.csr" -CA "$CERTIFICATES/ca.crt" -CAkey "$CERTIFICATES/ca.key" -CAcreateserial -days 3650 \
    -extfile <(echo "$extensions") -out "$file.crt" 2>/dev/null
  rm "$file.csr"
}

# create_identity NAME SUBJECT: a client certificate and a kubeconfig with it inside.
create_identity() {
  create_certificate "$1" "$2"
  [[ -e $KUBECONFIGS/$1 ]] && return
  local context=agentoperator-$NAME
  cat >"$KUBECONFIGS/$1.new" <<END
apiVersion: v1
kind: Config
current-context: $context
clusters:
- name: $context
  cluster:
    server: https://$API_ADDRESS:$API_PORT
    certificate-authority-data: $(base64 -w0 "$CERTIFICATES/ca.crt")
users:
- name: $context-$1
  user:
    client-certificate-data: $(base64 -w0 "$CERTIFICATES/$1.crt")
    client-key-data: $(base64 -w0 "$CERTIFICATES/$1.key")
contexts:
- name: $context
  context: {cluster: $context, user: $context-$1}
END
  mv "$KUBECONFIGS/$1.new" "$KUBECONFIGS/$1"
}
