//! What systems do differently about a child process: signals, exit codes, shells.

use std::io;
use std::process::Command;

use crate::error::{CommandError, CommandResult, Kind};

#[cfg(unix)]
pub(super) use unix::{NULL_DEVICE, run, shell};
#[cfg(unix)]
pub(crate) use unix::{forward_until_end, is_program, leave_stop_key};
#[cfg(not(unix))]
pub(super) use windows::{NULL_DEVICE, run, shell};
#[cfg(not(unix))]
pub(crate) use windows::{forward_until_end, is_program, leave_stop_key};

/// A program that cannot be started, with the exit code that shells have for that.
fn not_started(command: &Command, error: &io::Error) -> CommandError {
    let code = if error.kind() == io::ErrorKind::NotFound { 127 } else { 126 };
    let program = command.get_program().to_string_lossy();
    CommandError::new(Kind::NotStarted(code), format!("could not start `{program}`")).caused_by(error)
}

/// The child's code becomes this process's.
fn ended(code: u8) -> CommandResult {
    if code == 0 { Ok(()) } else { Err(CommandError::said(code)) }
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsString;
    use std::fs::{self, File};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::ExitStatusExt;
    use std::path::Path;
    use std::process::{Child, Command, ExitStatus};
    use std::sync::{Arc, Mutex, PoisonError};
    use std::{io, thread};

    use awsx_core::Env;
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgrp, kill_process, waitid};
    use rustix::termios::tcgetpgrp;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2};
    use signal_hook::iterator::Signals;

    use super::{CommandResult, ended, not_started};
    use crate::ui::ignored_signals;

    pub(in super::super) const NULL_DEVICE: &str = "/dev/null";

    /// What is passed on to the child.
    const FORWARDED: [i32; 6] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2];

    /// What a terminal sends to every process in its foreground by itself.
    const FROM_KEYBOARD: [i32; 2] = [SIGINT, SIGQUIT];

    pub(in super::super) fn shell(env: &Env) -> OsString {
        env.var_filled("SHELL").unwrap_or("/bin/sh").into()
    }

    /// Runs the child to its end, passing signals on to it, and ends as it did.
    pub(in super::super) fn run(command: &mut Command) -> CommandResult {
        let status = forward_until_end(command).map_err(|error| not_started(command, &error))?;
        let by_signal = || status.signal().map_or(i32::from(u8::MAX), |signal| 128 + signal);
        ended(u8::try_from(status.code().unwrap_or_else(by_signal)).unwrap_or(u8::MAX))
    }

    /// Whether this is a file that somebody may run.
    pub(crate) fn is_program(path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    }

    /// Has the key that stops programs (Ctrl-Z) stop none of this process.
    pub(crate) fn leave_stop_key() {
        // Where no handler can be set, the key does what it always does.
        let _ = signal_hook::flag::register(SIGTSTP, Arc::default());
    }

    /// Runs the child to its end, passing signals on to it.
    pub(crate) fn forward_until_end(command: &mut Command) -> io::Result<ExitStatus> {
        // A signal that is ignored now (by `nohup`, say) stays so: the child inherits that.
        let ignored = ignored_signals();
        let forwarded = FORWARDED.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
        // Before there is a child, so that none is lost.
        let mut signals = Signals::new(forwarded)?;
        let handle = signals.handle();
        let mut child = command.spawn()?;
        let alive = Mutex::new(Some(Pid::from_child(&child)));
        thread::scope(|scope| {
            scope.spawn(|| {
                for signal in signals.forever() {
                    forward(signal, &alive);
                }
            });
            wait_without_reaping(&child);
            // From here on the child's id may be another process's.
            *alive.lock().unwrap_or_else(PoisonError::into_inner) = None;
            handle.close();
            child.wait()
        })
    }

    fn forward(signal: i32, alive: &Mutex<Option<Pid>>) {
        if FROM_KEYBOARD.contains(&signal) && is_in_foreground() {
            return;
        }
        let alive = alive.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(child), Some(signal)) = (*alive, Signal::from_named_raw(signal)) {
            // A child that may not be signalled has become somebody else's.
            let _ = kill_process(child, signal);
        }
    }

    /// Whether this process and its child are what the terminal's keyboard speaks to.
    fn is_in_foreground() -> bool {
        File::open("/dev/tty").is_ok_and(|terminal| tcgetpgrp(terminal).is_ok_and(|group| group == getpgrp()))
    }

    fn wait_without_reaping(child: &Child) {
        let exited = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(Pid::from_child(child)), exited) {}
    }
}

#[cfg(not(unix))]
mod windows {
    use std::ffi::OsString;
    use std::io;
    use std::path::Path;
    use std::process::{Command, ExitStatus};

    use awsx_core::Env;

    use super::{CommandResult, ended, not_started};

    pub(in super::super) const NULL_DEVICE: &str = "NUL";

    /// Any file may be run; whether it can be is told by its name.
    pub(crate) fn is_program(path: &Path) -> bool {
        path.is_file()
    }

    /// No key stops programs here.
    pub(crate) fn leave_stop_key() {}

    pub(in super::super) fn shell(env: &Env) -> OsString {
        env.var_filled("COMSPEC").unwrap_or("cmd.exe").into()
    }

    /// Runs the child to its end. Ctrl-C reaches every program of a console by itself.
    pub(crate) fn forward_until_end(command: &mut Command) -> io::Result<ExitStatus> {
        command.spawn().and_then(|mut child| child.wait())
    }

    /// Runs the child to its end and ends with its code.
    pub(in super::super) fn run(command: &mut Command) -> CommandResult {
        let status = forward_until_end(command).map_err(|error| not_started(command, &error))?;
        let code = status.code().unwrap_or(1);
        match u8::try_from(code) {
            Ok(code) => ended(code),
            #[expect(clippy::disallowed_methods, reason = "codes here have 32 bits, `ExitCode` has 8")]
            Err(_) => std::process::exit(code),
        }
    }
}
