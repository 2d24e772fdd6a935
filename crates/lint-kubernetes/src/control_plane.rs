//! The programs of the control plane, as static pods run them.

use careen_kube_model::Container;

/// A container that runs a component of the control plane.
#[derive(Clone, Copy, Debug)]
#[expect(dead_code, reason = "rules of the control plane follow")]
pub(crate) struct Component<'a> {
    /// The container.
    pub(crate) container: Container<'a>,
}

impl<'a> Component<'a> {
    /// The component a container runs, by the first words of its command.
    pub(crate) fn of(container: Container<'a>) -> Option<Self> {
        let _ = container;
        None
    }
}
