//! What the tests of this crate share.

use careen_text::{Source, Span};
use careen_yaml::{Limits, Node, Tree};

use crate::{Object, ObjectView, objects};

/// A Deployment with a bit of everything.
pub(crate) const SHOP: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
  labels: {tier: web}
spec:
  replicas: 3
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      serviceAccountName: shop
      hostNetwork: true
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile: {type: RuntimeDefault}
      imagePullSecrets: [{name: pull}]
      containers:
        - name: web
          image: shop/api:1.2
          ports: [{containerPort: 8080, name: http}]
          command: [serve]
          args: [--port, 8080]
          env:
            - {name: MODE, value: on}
            - name: TOKEN
              valueFrom: {secretKeyRef: {name: token, key: value, optional: true}}
          envFrom:
            - configMapRef: {name: settings}
          resources:
            limits: {memory: 1Gi, cpu: 2}
            requests: {memory: 512Mi}
          livenessProbe:
            httpGet: {path: /, port: http}
            periodSeconds: 5
          volumeMounts: [{name: data, mountPath: /data}]
        - name: helper
          image: shop/helper
          securityContext: {runAsUser: 0, runAsNonRoot: ~, privileged: on}
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
        - name: empty
          emptyDir:
        - name: all
          projected:
            sources:
              - secret: {name: projected, optional: true}
              - configMap: {name: projected}
";

/// Parses a text.
pub(crate) fn tree(text: &str) -> Tree {
    careen_yaml::parse(&Source::new("test.yaml", text), &Limits::default())
}

/// The first document's root.
pub(crate) fn root(tree: &Tree) -> Node<'_> {
    tree.documents().next().and_then(|document| document.root()).expect("a document")
}

/// A parsed file with its objects.
pub(crate) struct File {
    pub(crate) tree: Tree,
    pub(crate) objects: Vec<Object>,
    text: String,
}

impl File {
    pub(crate) fn new(text: &str) -> Self {
        let tree = tree(text);
        let objects = objects(&tree);
        Self { tree, objects, text: text.to_owned() }
    }

    pub(crate) fn first(&self) -> ObjectView<'_> {
        ObjectView::new(self.objects.first().expect("an object"), &self.tree)
    }

    pub(crate) fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }
}
