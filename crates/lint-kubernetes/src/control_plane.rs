//! The programs of the control plane and what they are told.
//!
//! A [`Component`] is a program with its settings, from the command line of a container or from a
//! configuration object such as a `KubeletConfiguration`. Rules ask for settings by the name of the
//! flag, whatever they are written in. What the settings mean is told by the rules.

mod audit;
mod ciphers;
mod command;
mod configuration;
mod flags;
mod judge;
mod kubeadm;
mod removed;
mod trust;

use std::borrow::Cow;
use std::fmt;

use careen_kube_model::{Container, ObjectView};
use careen_model::File;
use careen_text::Span;

pub(crate) use audit::{leaks, unlogged};
pub(crate) use ciphers::weak_tls;
pub(crate) use configuration::Setting;
pub(crate) use flags::Flag;
pub(crate) use judge::{is_loopback, seconds};
pub(crate) use removed::{Removed, removed_flags, removed_plugins};
pub(crate) use trust::trusted;

/// A program of the control plane or of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    ApiServer,
    ControllerManager,
    Scheduler,
    Etcd,
    Kubelet,
    Proxy,
    /// No program, but the plugins that an API server is told about in an
    /// `AdmissionConfiguration`. Each is a setting of its name, empty where nothing is configured.
    Admission,
}

impl Program {
    /// The name of the executable.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Etcd => "etcd",
            Self::Kubelet => "kubelet",
            Self::Proxy => "kube-proxy",
            Self::Admission => "admission",
        }
    }

    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "kube-apiserver" => Self::ApiServer,
            "kube-controller-manager" => Self::ControllerManager,
            "kube-scheduler" => Self::Scheduler,
            "etcd" => Self::Etcd,
            "kubelet" => Self::Kubelet,
            "kube-proxy" => Self::Proxy,
            _ => return None,
        })
    }
}

/// How settings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// As the words of a command.
    Command,
    /// As the fields of a configuration, whose defaults may differ from those of the flags.
    Fields,
    /// As flags that kubeadm adds to its own.
    Extra,
}

/// A program of the control plane with its settings.
#[derive(Debug)]
pub(crate) struct Component<'a> {
    /// The program.
    pub(crate) program: Program,
    /// The object that runs or configures it.
    pub(crate) object: ObjectView<'a>,
    /// The container that runs it; none for a configuration.
    pub(crate) container: Option<Container<'a>>,
    /// How its settings are written.
    written: Written,
    /// Where to point at what is missing: the program's name, or the kind of a configuration.
    span: Span,
    /// In the order of the command line.
    flags: Vec<Flag<'a>>,
    /// Whether what is not set here is not set at all. It may be set by a configuration file that
    /// the command line names, or by a variable that stands for more arguments.
    complete: bool,
}

impl<'a> Component<'a> {
    /// The component a container runs, by the first words of its command. Cheap for others.
    pub(crate) fn of(container: Container<'a>) -> Option<Self> {
        command::component(container)
    }

    /// The components that an object configures: itself, or those in the texts of a ConfigMap.
    pub(crate) fn configured_by(view: ObjectView<'a>, file: &File) -> Vec<Self> {
        configuration::components(view, file)
    }

    /// Whether it is that program.
    pub(crate) fn is(&self, program: Program) -> bool {
        self.program == program
    }

    /// Whether its settings are fields of a configuration, whose defaults may differ.
    pub(crate) fn is_configuration(&self) -> bool {
        self.written == Written::Fields
    }

    /// The setting that counts: the last of its name.
    pub(crate) fn flag(&self, name: &str) -> Option<&Flag<'a>> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    fn flags<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Flag<'a>> {
        self.flags.iter().filter(move |flag| flag.name == name)
    }

    /// What a setting is called: `--anonymous-auth`, or the path of its field.
    pub(crate) fn setting(&self, flag: &'static str) -> Setting {
        configuration::setting(self, flag)
    }
}

/// For a message: "kube-apiserver of Pod `kube-system/kube-apiserver`".
impl fmt::Display for Component<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.program == Program::Admission {
            return self.object.display().fmt(f);
        }
        write!(f, "{} of {}", self.program.name(), self.object.display())
    }
}

/// One item of a comma-separated list.
#[derive(Debug)]
pub(crate) struct Item<'s> {
    pub(crate) text: &'s str,
    pub(crate) span: Span,
}

/// The last path component.
fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// A flag's name as Kubernetes compares it: underscores are dashes.
fn normal(name: Cow<'_, str>) -> Cow<'_, str> {
    if name.contains('_') { Cow::Owned(name.replace('_', "-")) } else { name }
}

#[cfg(test)]
mod tests;
