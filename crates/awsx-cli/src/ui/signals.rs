//! What asks a program to end: Ctrl-C, a termination, a terminal that hangs up.

#[cfg(not(unix))]
pub(super) use others::on_request_to_end;
#[cfg(unix)]
pub(crate) use unix::ignored;
#[cfg(unix)]
pub(super) use unix::on_request_to_end;

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::sync::Once;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    /// Has each such signal act, on a thread of its own; the first call decides. One that the process was started to ignore
    /// (by `nohup`, or in the background of a script) stays ignored.
    pub(in crate::ui) fn on_request_to_end(act: impl Fn() + Send + 'static) {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let ignored = ignored();
            let wanted =
                [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
            // Where no handler can be set, the signals do what they always do.
            let Ok(mut signals) = Signals::new(wanted) else { return };
            std::thread::spawn(move || signals.forever().for_each(|_| act()));
        });
    }

    /// A bit for each ignored signal, the lowest for signal 1. Where the system has no such file, none is known of.
    pub(crate) fn ignored() -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
    }
}

#[cfg(not(unix))]
mod others {
    /// Has each such signal act; the first call decides.
    pub(in crate::ui) fn on_request_to_end(act: impl Fn() + Send + 'static) {
        let _ = ctrlc::set_handler(act);
    }
}
