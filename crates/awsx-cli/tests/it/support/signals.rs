//! Signals as a person's shell leaves them to a program.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Has what is started from here heed signals, even where the tests themselves run with some ignored (`nohup`, a script's
/// background): what is caught in a process is back at its default in a program that it starts.
pub(crate) fn heed_in_children() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // The tests end by a signal as ever.
            signal_hook::flag::register_conditional_default(signal, Arc::new(AtomicBool::new(true)))
                .expect("these signals can be caught");
        }
    });
}
