//! What asks a program to end: Ctrl-C, a termination, a terminal that hangs up.

#[cfg(not(unix))]
pub(crate) use others::InterruptFlag;
#[cfg(not(unix))]
pub(super) use others::on_request_to_end;
#[cfg(unix)]
pub(super) use unix::on_request_to_end;
#[cfg(unix)]
pub(crate) use unix::{InterruptFlag, ignored};

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Once};

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

    /// Raised by Ctrl-C in the moment it comes, before a child that it reaches too can end by it.
    pub(crate) struct InterruptFlag(Arc<AtomicBool>);

    impl InterruptFlag {
        pub(crate) fn lowered() -> Self {
            let flag = Arc::new(AtomicBool::new(false));
            if ignored() & (1 << (SIGINT - 1)) == 0 {
                // Where no handler can be set, Ctrl-C ends the program.
                let _ = signal_hook::flag::register(SIGINT, Arc::clone(&flag));
            }
            Self(flag)
        }

        pub(crate) fn is_raised(&self) -> bool {
            self.0.load(Ordering::SeqCst)
        }
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
    use std::sync::atomic::{AtomicBool, Ordering};

    static INTERRUPTED: AtomicBool = AtomicBool::new(false);

    /// Has each such signal act; the first call decides.
    pub(in crate::ui) fn on_request_to_end(act: impl Fn() + Send + 'static) {
        let _ = ctrlc::set_handler(move || {
            INTERRUPTED.store(true, Ordering::SeqCst);
            act();
        });
    }

    /// Raised by Ctrl-C, once anything acts on it.
    pub(crate) struct InterruptFlag;

    impl InterruptFlag {
        pub(crate) fn lowered() -> Self {
            INTERRUPTED.store(false, Ordering::SeqCst);
            Self
        }

        #[expect(clippy::unused_self, reason = "elsewhere the flag is its own")]
        pub(crate) fn is_raised(&self) -> bool {
            INTERRUPTED.load(Ordering::SeqCst)
        }
    }
}
