//! What each standard refuses, by control and version.

use crate::pod::{HARD, Pod, annotated, container, pod_security, security, spec};

use Refused::{Always, Before, From, Never};

/// The versions that refuse a pod.
#[derive(Clone, Copy)]
pub(crate) enum Refused {
    Never,
    Always,
    Before(u16),
    From(u16),
}

impl Refused {
    pub(crate) const fn at(self, version: u16) -> bool {
        match self {
            Never => false,
            Always => true,
            Before(minor) => version < minor,
            From(minor) => version >= minor,
        }
    }
}

/// What the version of a row is that of.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Of {
    /// The standard: `enforce-version` decides.
    Standard,
    /// The cluster, whose API has the field or not.
    Cluster,
}

/// Control (with two names where the standards differ in it), pod, and when each standard refuses it.
pub(crate) type Row = (&'static str, Pod, Refused, Refused, Of);

const fn row(control: &'static str, pod: Pod, baseline: Refused, restricted: Refused) -> Row {
    (control, pod, baseline, restricted, Of::Standard)
}

const ALL_ESCALATION: &str = "allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, ";

pub(crate) fn rows() -> Vec<Row> {
    let sysctl = |name: &'static str| {
        let text = format!(
            "runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}, \
             sysctls: [{{name: {name}, value: '1'}}]"
        );
        pod_security(text.leak())
    };
    let also = |text: &str| security(format!("{ALL_ESCALATION}{text}").leak());
    let pod_also = |text: &str| {
        let text = format!("{}, {text}", HARD.pod_security);
        pod_security(text.leak())
    };
    let windows =
        Pod { pod_security: "runAsNonRoot: true", security: "", ..spec("os: {name: windows}") };
    let mut rows = vec![
        row("", HARD, Never, Never),
        // Host processes of Windows.
        row("hostProcess", also("windowsOptions: {hostProcess: true}"), Always, Always),
        row("hostProcess", also("windowsOptions: {hostProcess: false}"), Never, Never),
        row("hostProcess", pod_also("windowsOptions: {hostProcess: true}"), Always, Always),
        row("hostProcess", also("windowsOptions: {runAsUserName: ContainerUser}"), Never, Never),
        // Host namespaces.
        row("host namespaces", spec("hostNetwork: true"), Always, Always),
        row("host namespaces", spec("hostPID: true"), Always, Always),
        row("host namespaces", spec("hostIPC: true"), Always, Always),
        row("host namespaces", spec("hostNetwork: false, hostPID: false"), Never, Never),
        // Privileged containers.
        row("privileged", also("privileged: false"), Never, Never),
        row(
            "privileged",
            security(
                "privileged: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}",
            ),
            Always,
            Always,
        ),
        // Capabilities.
        row("capabilities", security("allowPrivilegeEscalation: false"), Never, Always),
        row(
            "capabilities",
            security("allowPrivilegeEscalation: false, capabilities: {drop: [NET_RAW]}"),
            Never,
            Always,
        ),
        row(
            "capabilities",
            security("allowPrivilegeEscalation: false, capabilities: {drop: [all]}"),
            Never,
            Always,
        ),
        row(
            "capabilities",
            security("allowPrivilegeEscalation: false, capabilities: {drop: [ALL, KILL]}"),
            Never,
            Never,
        ),
        // Host paths.
        row("hostPath", spec("volumes: [{name: a, emptyDir: {}}]"), Never, Never),
        // Host ports.
        row("hostPort", container("ports: [{containerPort: 80, hostPort: 80}]"), Always, Always),
        row("hostPort", container("ports: [{containerPort: 80, hostPort: 0}]"), Never, Never),
        row("hostPort", container("ports: [{containerPort: 80}]"), Never, Never),
        // Options of SELinux.
        row("seLinuxOptions", also("seLinuxOptions: {type: spc_t}"), Always, Always),
        row("seLinuxOptions", also("seLinuxOptions: {user: root}"), Always, Always),
        row("seLinuxOptions", also("seLinuxOptions: {role: admin}"), Always, Always),
        row("seLinuxOptions", also("seLinuxOptions: {type: '', user: '', role: ''}"), Never, Never),
        row("seLinuxOptions", also("seLinuxOptions: {level: 's0:c1'}"), Never, Never),
        row(
            "seLinuxOptions",
            also("seLinuxOptions: {type: container_engine_t}"),
            Before(31),
            Before(31),
        ),
        row("seLinuxOptions", pod_also("seLinuxOptions: {type: spc_t}"), Always, Always),
        row(
            "seLinuxOptions",
            pod_also("seLinuxOptions: {type: container_engine_t}"),
            Before(31),
            Before(31),
        ),
        // The mount of /proc.
        row("procMount", also("procMount: Unmasked"), Always, Always),
        row("procMount", also("procMount: Default"), Never, Never),
        row(
            "procMount",
            Pod { spec: "hostUsers: false", ..also("procMount: Unmasked") },
            Before(35),
            Always,
        ),
        row(
            "procMount",
            Pod { spec: "hostUsers: true", ..also("procMount: Unmasked") },
            Always,
            Always,
        ),
        // Seccomp.
        row("seccompProfile", pod_security("runAsNonRoot: true"), Never, Always),
        row("seccompProfile", also("seccompProfile: {type: Unconfined}"), Always, Always),
        row(
            "seccompProfile",
            also("seccompProfile: {type: Localhost, localhostProfile: a.json}"),
            Never,
            Never,
        ),
        row(
            "seccompProfile",
            pod_security("runAsNonRoot: true, seccompProfile: {type: Unconfined}"),
            Always,
            Always,
        ),
        // Probes and hooks that call other hosts.
        row(
            "host of probes and hooks",
            container("livenessProbe: {httpGet: {host: 10.0.0.7, port: 80}}"),
            From(34),
            From(34),
        ),
        row(
            "host of probes and hooks",
            container("readinessProbe: {tcpSocket: {host: db, port: 80}}"),
            From(34),
            From(34),
        ),
        row(
            "host of probes and hooks",
            container("lifecycle: {preStop: {httpGet: {host: db, port: 80}}}"),
            From(34),
            From(34),
        ),
        row(
            "host of probes and hooks",
            container("livenessProbe: {httpGet: {host: '', port: 80}}"),
            Never,
            Never,
        ),
        // Privilege escalation.
        row("allowPrivilegeEscalation", security("capabilities: {drop: [ALL]}"), Never, Always),
        row(
            "allowPrivilegeEscalation",
            security("allowPrivilegeEscalation: true, capabilities: {drop: [ALL]}"),
            Never,
            Always,
        ),
        // Root.
        row("runAsNonRoot", also("runAsNonRoot: false"), Never, Always),
        row("runAsNonRoot", pod_security("seccompProfile: {type: RuntimeDefault}"), Never, Always),
        row(
            "runAsNonRoot",
            pod_security("runAsUser: 1000, seccompProfile: {type: RuntimeDefault}"),
            Never,
            Always,
        ),
        row(
            "runAsNonRoot",
            Pod {
                spec: "hostUsers: false",
                ..pod_security("seccompProfile: {type: RuntimeDefault}")
            },
            Never,
            Before(35),
        ),
        row("runAsUser", also("runAsUser: 0"), Never, Always),
        row("runAsUser", pod_also("runAsUser: 0"), Never, Always),
        row("runAsUser", also("runAsUser: 1"), Never, Never),
        row(
            "runAsUser",
            Pod { spec: "hostUsers: false", ..also("runAsUser: 0") },
            Never,
            Before(35),
        ),
        // Windows is spared what only Linux has, and nothing else.
        row("", windows, Never, Never),
        row("runAsNonRoot", Pod { pod_security: "", ..windows }, Never, Always),
        row(
            "hostProcess",
            Pod { security: "windowsOptions: {hostProcess: true}", ..windows },
            Always,
            Always,
        ),
    ];
    for (name, refused) in [
        ("NET_BIND_SERVICE", [Never, Never]),
        ("CHOWN", [Never, Always]),
        ("SYS_CHROOT", [Never, Always]),
        ("NET_RAW", [Always, Always]),
        ("SYS_ADMIN", [Always, Always]),
        ("ALL", [Always, Always]),
        ("CAP_NET_BIND_SERVICE", [Always, Always]),
        ("chown", [Always, Always]),
    ] {
        let text = format!(
            "allowPrivilegeEscalation: false, capabilities: {{drop: [ALL], add: [{name}]}}"
        );
        rows.push(row("capabilities", security(text.leak()), refused[0], refused[1]));
    }
    for (name, refused) in [
        ("kernel.shm_rmid_forced", Never),
        ("net.ipv4.ip_local_port_range", Never),
        ("net.ipv4.tcp_syncookies", Never),
        ("net.ipv4.ping_group_range", Never),
        ("net.ipv4.ip_unprivileged_port_start", Never),
        ("net.ipv4.ip_local_reserved_ports", Before(27)),
        ("net.ipv4.tcp_keepalive_time", Before(29)),
        ("net.ipv4.tcp_keepalive_intvl", Before(29)),
        ("net.ipv4.tcp_keepalive_probes", Before(29)),
        ("net.ipv4.tcp_fin_timeout", Before(29)),
        ("net.ipv4.tcp_rmem", Before(32)),
        ("net.ipv4.tcp_wmem", Before(32)),
        ("net.ipv4.tcp_slow_start_after_idle", Before(37)),
        ("net.ipv4.tcp_notsent_lowat", Before(37)),
        ("net/ipv4/tcp_syncookies", Always),
        ("kernel.msgmax", Always),
        ("net.core.somaxconn", Always),
    ] {
        rows.push(row("sysctls", sysctl(name), refused, refused));
    }
    for (source, refused) in [
        ("configMap: {name: a}", Never),
        ("csi: {driver: a}", Never),
        ("downwardAPI: {}", Never),
        ("emptyDir: {}", Never),
        ("ephemeral: {}", Never),
        ("persistentVolumeClaim: {claimName: a}", Never),
        ("projected: {}", Never),
        ("secret: {secretName: a}", Never),
        ("nfs: {server: a, path: /}", Always),
        ("gitRepo: {repository: a}", Always),
        ("iscsi: {}", Always),
        ("awsElasticBlockStore: {volumeID: a}", Always),
    ] {
        let text = format!("volumes: [{{name: a, {source}}}]");
        rows.push(row("volume types", spec(text.leak()), Never, refused));
    }
    for path in ["/data", "/etc", "/root/.aws", "/run/docker.sock"] {
        let text = format!("volumes: [{{name: a, hostPath: {{path: {path}}}}}]");
        rows.push(row("hostPath|volume types", spec(text.leak()), Always, Always));
    }
    let image = spec("volumes: [{name: a, image: {reference: 'shop/data:1'}}]");
    rows.push(("volume types", image, Never, Before(33), Of::Cluster));
    // AppArmor: the annotation in all versions, the field since it is there.
    let prefix = "container.apparmor.security.beta.kubernetes.io";
    for (value, refused) in [
        ("unconfined", Always),
        ("something", Always),
        ("runtime/default", Never),
        ("localhost/shop", Never),
        ("''", Never),
    ] {
        for name in ["web", "main"] {
            let text = format!("{prefix}/{name}: {value}");
            rows.push(row("appArmorProfile", annotated(text.leak()), refused, refused));
        }
    }
    for (kind, refused) in
        [("Unconfined", From(30)), ("RuntimeDefault", Never), ("Localhost", Never)]
    {
        let text = format!("appArmorProfile: {{type: {kind}}}");
        for pod in [also(&text), pod_also(&text)] {
            rows.push(("appArmorProfile", pod, refused, refused, Of::Cluster));
        }
    }
    rows
}
