use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{PipCall, report_open};
use crate::subject::CommandSite;

rule! {
    /// Without a version the same file gives another image tomorrow, and a bad release of a package
    /// reaches production without a commit of yours. Lock files (`pip install --require-hashes -r
    /// requirements.txt`) pin what the named packages need as well.
    ///
    /// `name==1.2.3`, `name==1.2.*` and `name~=1.2` are versions; `>=` and `!=` are not. A
    /// repository needs a tag or a commit behind `@`. Requirements files, local paths and what
    /// constraints (`-c`), `--no-index` or a date decide are not judged.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14.0
    /// RUN python -m pip install --no-cache-dir --upgrade pip gunicorn==23.0.0 "flask[async]>=3"
    /// #                                                  ^^^ `pip install` leaves the versions of `pip` and 1 other package open
    /// RUN pip3 install --no-cache-dir -e git+https://github.com/example/shop#egg=shop
    /// #                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `pip install` leaves the version of `shop` open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM python:3.14.0
    /// COPY . /src
    /// RUN pip install --no-cache-dir -r /src/requirements.txt -e /src "flask[async]==3.1.0" "celery~=5.5"
    /// RUN pip install --no-cache-dir -c /src/constraints.txt gunicorn
    /// RUN uv pip install --no-cache "shop @ git+https://github.com/example/shop@v1.4.0"
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-pip-pin",
        summary: "`pip install` names no version",
        remedy: "Write `name==version`, or install from a requirements file with hashes.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3013", "kics:02d9c71f"],
        controls: &[control::IMAGE_BASE],
        references: &["https://pip.pypa.io/en/stable/topics/repeatable-installs/"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PipCall::at(site) else { return };
    report_open(site, call.short(), call.open_versions(site), out);
}
