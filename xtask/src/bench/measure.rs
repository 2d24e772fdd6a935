//! Runs a child process and tells what it cost, without unsafe code: from `/proc`, on Linux.
//!
//! CPU time is read from `/proc/PID/stat` when the child has ended and has not been waited for; it
//! counts in ticks of 10 ms. Peak memory is polled from `/proc/PID/status` every 2 ms, so a peak
//! in the very last moment of the child can be missed. For runs of a few milliseconds only the
//! wall time of [`wall`] means something.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Kernel ticks per second as `/proc` shows them; 100 on every Linux.
const TICKS: f64 = 100.0;
/// The longest a child may run.
const LONGEST: Duration = Duration::from_secs(600);

/// What a child cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    /// User and system CPU seconds of all threads.
    pub(super) cpu: f64,
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// Highest resident memory in megabytes (10⁶ bytes).
    pub(super) peak: f64,
}

/// What a run of the command costs. Exit codes 0 and 1 are success.
pub(super) fn cost(program: &Path, arguments: &[&str], directory: &Path) -> Result<Cost> {
    let (cost, code) = cost_and_code(program, arguments, directory)?;
    accept(program, arguments, code)?;
    Ok(cost)
}

/// What a run of the command costs, and its exit code; none after a signal.
pub(super) fn cost_and_code(
    program: &Path,
    arguments: &[&str],
    directory: &Path,
) -> Result<(Cost, Option<i32>)> {
    let start = Instant::now();
    let mut child =
        command(program, arguments, directory).spawn().with_context(|| shown(program))?;
    let result = watch(&child, start);
    if result.is_err() {
        let _ = child.kill();
    }
    let code = child.wait()?.code();
    Ok((result?, code))
}

/// The mean wall seconds of `runs` runs, after one that is not counted.
pub(super) fn wall(program: &Path, arguments: &[&str], directory: &Path, runs: u32) -> Result<f64> {
    let mut total = Duration::ZERO;
    for run in 0..=runs {
        let start = Instant::now();
        let status =
            command(program, arguments, directory).status().with_context(|| shown(program))?;
        if run > 0 {
            total += start.elapsed();
        }
        accept(program, arguments, status.code())?;
    }
    Ok(total.as_secs_f64() / f64::from(runs.max(1)))
}

fn command(program: &Path, arguments: &[&str], directory: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn shown(program: &Path) -> String {
    program.display().to_string()
}

fn accept(program: &Path, arguments: &[&str], code: Option<i32>) -> Result<()> {
    if !matches!(code, Some(0 | 1)) {
        let code = code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        bail!("{} {}: ended with {code}", program.display(), arguments.join(" "));
    }
    Ok(())
}

/// Polls the child until it has ended; it stays unwaited for, so that its times can be read.
fn watch(child: &Child, start: Instant) -> Result<Cost> {
    let folder = format!("/proc/{}", child.id());
    let mut peak = 0.0_f64;
    loop {
        let stat = fs::read_to_string(format!("{folder}/stat"))
            .context("no /proc: this measurement needs Linux")?;
        let stat = Stat::parse(&stat).context("/proc/PID/stat")?;
        if stat.ended {
            return Ok(Cost { cpu: stat.cpu, wall: start.elapsed().as_secs_f64(), peak });
        }
        if let Ok(status) = fs::read_to_string(format!("{folder}/status")) {
            peak = peak.max(high_water(&status).unwrap_or(0.0));
        }
        if start.elapsed() > LONGEST {
            bail!("the child ran longer than {} seconds", LONGEST.as_secs());
        }
        thread::sleep(Duration::from_millis(2));
    }
}

struct Stat {
    ended: bool,
    cpu: f64,
}

impl Stat {
    /// Fields 3 (state), 14 (user) and 15 (system ticks); the name before them may hold anything.
    fn parse(text: &str) -> Option<Self> {
        let mut fields = text.rsplit_once(')')?.1.split_whitespace();
        let ended = matches!(fields.next()?, "Z" | "X");
        let user: u32 = fields.nth(10)?.parse().ok()?;
        let system: u32 = fields.next()?.parse().ok()?;
        Some(Self { ended, cpu: (f64::from(user) + f64::from(system)) / TICKS })
    }
}

/// `VmHWM` in megabytes.
fn high_water(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u32 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(f64::from(kibibytes) * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::{Stat, high_water};

    #[test]
    fn proc_files_are_read() {
        let text = "42 (a) b) Z 1 42 42 0 -1 4 10 0 0 0 123 27 0 0 20 0 1 0 99 0 0";
        let stat = Stat::parse(text).unwrap();
        assert!(stat.ended);
        assert!((stat.cpu - 1.5).abs() < 1e-9);
        assert!(!Stat::parse(&text.replace(" Z ", " R ")).unwrap().ended);
        assert!(Stat::parse("42").is_none());
        let peak = high_water("Name:\ta\nVmHWM:\t   1000 kB\n").unwrap();
        assert!((peak - 1.024).abs() < 1e-9);
        assert_eq!(high_water("Name:\ta\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_is_measured() {
        let shell = std::path::Path::new("/bin/sh");
        let root = std::path::Path::new("/");
        let loops = ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"];
        let cost = super::cost(shell, &loops, root).unwrap();
        assert!(cost.cpu > 0.0 && cost.wall > 0.0 && cost.peak > 0.1, "{cost:?}");
        assert!(super::cost(shell, &["-c", "exit 1"], root).is_ok());
        assert!(super::cost(shell, &["-c", "exit 2"], root).is_err());
        assert!(super::wall(shell, &["-c", "exit 0"], root, 2).unwrap() > 0.0);
    }
}
