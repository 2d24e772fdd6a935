//! Where the time goes on Dockerfiles: the parser, every rule. `cargo xtask bench dockerfiles
//! [FOLDER]` runs this.
//!
//! 350 Dockerfiles of a folder, or else made ones of six kinds; one thread over all of them, so
//! that the time is the processor's.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark: its output is the terminal, its subject the clock"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use std::{env, fs};

use careen_lint_images::ImagesLinter;
use careen_model::{Context, Linter, Snapshot, parse};
use careen_rule::Findings;
use careen_testkit::{NOW, Xorshift};
use careen_text::Source;

const COUNT: usize = 350;
const ROUNDS: usize = 15;
/// All of them with every rule may cost so much of one processor.
const MOST_MILLISECONDS: f64 = 60.0;

const KINDS: [&str; 6] = [
    "FROM debian:12.@\nENV LANG=C.UTF-8 TZ=UTC\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends \\\n    ca-certificates curl git gnupg \\\n    libpq-dev python3 # tools\\\n && rm -rf /var/lib/apt/lists/*\nWORKDIR /srv/app\nCOPY --chown=1000:1000 . .\nEXPOSE 80@\nUSER 1000\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\nCMD [\"/srv/app/run\", \"--port\", \"80@\"]\n",
    "# syntax=docker/dockerfile:1\nARG NODE=2@\nFROM node:${NODE}-slim AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nRUN npm run build && npm prune --omit=dev\nFROM gcr.io/distroless/nodejs22-debian12\nCOPY --from=build /app /app\nWORKDIR /app\nUSER 65532\nCMD [\"server.js\"]\n",
    "FROM golang:1.2@ AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN CGO_ENABLED=0 GOOS=linux go build -trimpath -ldflags=\"-s -w\" -o /out/app ./cmd/app\nFROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT [\"/app\"]\n",
    "FROM python:3.1@-slim\nENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1\nRUN pip install --upgrade pip && pip install gunicorn==2@.0 flask requests\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . /app\nWORKDIR /app\nRUN useradd -m -u 10@ app && chown -R app /app\nUSER app\nCMD gunicorn -b 0.0.0.0:8000 app:app\n",
    "FROM alpine:3.@\nRUN apk add --no-cache bash curl jq openssl tini \\\n  && curl -fsSL https://example.com/tool-@.tgz -o /tmp/tool.tgz \\\n  && tar -xzf /tmp/tool.tgz -C /usr/local/bin \\\n  && rm /tmp/tool.tgz\nCOPY <<EOF /etc/app.conf\nlisten 80@\nworkers 4\nEOF\nENTRYPOINT [\"/sbin/tini\", \"--\"]\nCMD [\"app\"]\n",
    "FROM ubuntu:2@.04\nMAINTAINER Ops <ops@example.com>\nRUN apt-get update\nRUN apt-get install -y wget build-essential\nRUN cd /tmp && wget http://example.com/src-@.tar.gz && tar xf src-@.tar.gz && cd src && ./configure --prefix=/usr && make -j4 && make install\nRUN for f in a b c; do echo \"$f\" | tee -a /etc/list; done; if [ -f /etc/x ]; then sed -i 's/a/b/' /etc/x; fi\nADD https://example.com/x.tgz /opt/\nVOLUME /data\nENTRYPOINT service app start && tail -f /dev/null\n",
];

type Stage = fn(&[Arc<Source>]);

const STAGES: [(&str, Stage); 2] = [
    ("parser", |sources| {
        for source in sources {
            black_box(parse(Arc::clone(source), source.path()));
        }
    }),
    ("every rule", |sources| {
        let mut files = Vec::new();
        for source in sources {
            let file = parse(Arc::clone(source), source.path());
            let mut findings = Findings::of_file();
            ImagesLinter.check_file(&file, &Context::at(NOW), &mut findings);
            black_box(findings);
            files.push(file);
        }
        let snapshot = Snapshot::new(files);
        for check in ImagesLinter.snapshot_checks() {
            let mut findings = Findings::of_snapshot();
            (check.run)(&snapshot, &Context::at(NOW), &mut findings.across(check.rule));
            black_box(findings);
        }
    }),
];

fn main() {
    let folder = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let sources = folder.map_or_else(made, |folder| read(Path::new(&folder)));
    let bytes: usize = sources.iter().map(|source| source.text().len()).sum();
    println!("{} Dockerfiles, {} KiB", sources.len(), bytes / 1024);
    let mut over = false;
    for (name, stage) in STAGES {
        let mut times = Vec::new();
        for round in 0..=ROUNDS {
            let start = Instant::now();
            stage(&sources);
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        over |= median > MOST_MILLISECONDS;
        println!("  {name:<12} {median:>8.2} ms");
    }
    println!("{} {MOST_MILLISECONDS} ms", if over { "OVER the budget of" } else { "within" });
    if over {
        std::process::exit(1);
    }
}

fn made() -> Vec<Arc<Source>> {
    let mut random = Xorshift::new(11);
    let make = |at: usize| {
        let kind = KINDS.get(at % KINDS.len()).copied().unwrap_or_default();
        let text = kind.replace('@', &random.below(10).to_string());
        Source::new(format!("svc-{at}/Dockerfile"), text)
    };
    (0..COUNT).map(make).collect()
}

fn read(folder: &Path) -> Vec<Arc<Source>> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    let read = |(at, path): (usize, &std::path::PathBuf)| {
        let text = fs::read(path).ok()?;
        let text = String::from_utf8_lossy(&text).into_owned();
        Some(Source::new(format!("svc-{at}/Dockerfile"), text))
    };
    paths.iter().take(COUNT).enumerate().filter_map(read).collect()
}
