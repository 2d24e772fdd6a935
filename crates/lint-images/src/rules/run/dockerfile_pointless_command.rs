use careen_image_model::shell::Separator;
use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{Call, CommandSite};

rule! {
    /// A build step has no terminal, no running system and nobody who watches. Editors and
    /// monitors wait for somebody or print what nobody reads; `shutdown` and `mount` have nothing to
    /// act on; and a service that is started ends with the `RUN`, it is not running in the
    /// container. What the container is to run belongs into `CMD` or `ENTRYPOINT`.
    ///
    /// What can have a sense in a script is not judged: a service that later commands of the same
    /// `RUN` use, `ps` in a pipe, `vim +PlugInstall +qall`, `ssh` with `--mount=type=ssh`,
    /// `systemctl enable`.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN service nginx start
    /// #   ^^^^^^^ a service that `service nginx start` starts ends with the `RUN`
    /// RUN apt-get update && apt-get install -y --no-install-recommends jq && top
    /// #                                                                      ^^^ `top` shows the build, not the container
    /// RUN vim /etc/hosts
    /// #   ^^^ `vim` waits for somebody at a terminal
    /// RUN sudo mount -t tmpfs none /tmp
    /// #        ^^^^^ `mount` is not allowed in a build, and would end with the `RUN`
    /// RUN /sbin/shutdown -h now
    /// #   ^^^^^^^^^^^^^^ `shutdown` has no running system to act on
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN service postgresql start && su postgres -c "createdb shop" && service postgresql stop
    /// RUN systemctl enable nginx && vim -es +PlugInstall +qall
    /// RUN --mount=type=ssh ssh -T git@github.com
    /// RUN --security=insecure mount -t tmpfs none /tmp
    /// RUN redis-server & sleep 1; redis-cli ping && kill %1
    /// CMD ["top"]
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-pointless-command",
        summary: "a command that does nothing useful in a build",
        remedy: "Take the command out, or move it to `CMD` or `ENTRYPOINT`.",
        severity: Info,
        check: Check::Command(check),
        peers: &["hadolint:DL3001", "kics:9b6b0f38"],
        references: &["https://docs.docker.com/build/building/best-practices/#run"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call else { return };
    let program = call.program();
    // Only what stands in the list of the `RUN` itself: what a script works out is of use to it.
    if !std::ptr::eq(site.list, site.step.commands()) {
        return;
    }
    let is_piped = site.reads_pipe() || site.command.after == Separator::Pipe;
    let message = match program {
        "vim" | "vi" | "nano" | "emacs" | "pico" if is_interactive(call) && !is_piped => {
            format!("`{program}` waits for somebody at a terminal")
        }
        "top" | "htop" | "ps" | "free" | "ifconfig" | "uptime" if !is_piped && prints(site) => {
            format!("`{program}` shows the build, not the container")
        }
        "shutdown" | "reboot" | "halt" | "poweroff" | "telinit" => {
            format!("`{program}` has no running system to act on")
        }
        "kill" | "killall" | "pkill" if site.at == 0 => {
            format!("`{program}` finds nothing that runs at the start of a `RUN`")
        }
        "mount" | "umount" if site.step.instruction.flag("security").is_none() => {
            if call.arguments.is_empty() || is_piped {
                return;
            }
            format!("`{program}` is not allowed in a build, and would end with the `RUN`")
        }
        "ssh" if !has_ssh_mount(site) && !call.has("-V") && !is_piped => {
            "`ssh` has no key in a build, unless it is mounted or in the image".to_owned()
        }
        "service" | "systemctl" | "rc-service" | "initctl" => match started(site, call) {
            Some(what) => format!("a service that `{what}` starts ends with the `RUN`"),
            None => return,
        },
        _ => return,
    };
    site.report(out, call.name.span, message).evidence(program);
}

/// Whether an editor is given nothing but files.
fn is_interactive(call: Call<'_>) -> bool {
    !call.arguments.iter().any(|word| word.text.starts_with(['-', '+']))
}

/// Whether what the command prints goes to the log.
fn prints(site: &CommandSite<'_>) -> bool {
    site.command.redirects.is_empty()
}

fn has_ssh_mount(site: &CommandSite<'_>) -> bool {
    site.step.instruction.flags("mount").take(32).any(|flag| {
        flag.field("type").is_some_and(|kind| matches!(kind.text.as_str(), "ssh" | "secret"))
    })
}

/// The call in short, if it starts a service that no later command can use.
fn started(site: &CommandSite<'_>, call: Call<'_>) -> Option<String> {
    const STARTS: [&str; 4] = ["start", "restart", "reload", "force-reload"];
    let mut words = call.arguments.iter().map(|word| word.text.as_str());
    let mut words = words.by_ref().filter(|word| !word.starts_with('-'));
    let (first, second) = (words.next()?, words.next()?);
    let verb = if matches!(call.program(), "systemctl" | "initctl") { first } else { second };
    let is_last = site.list.get(site.at + 1..).is_some_and(|rest| {
        rest.iter().all(|command| matches!(command.program(), "" | "true" | "echo" | ":"))
    });
    let known = STARTS.contains(&verb) && is_last;
    known.then(|| {
        format!("{} {} {}", call.program(), crate::subject::cut(first), crate::subject::cut(second))
    })
}
