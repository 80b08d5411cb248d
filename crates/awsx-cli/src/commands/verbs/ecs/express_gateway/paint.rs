//! Colours by status, and the symbols that stand before a name.

/// Whether there is colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    pub(super) color: bool,
}

/// Back to no colour, which AWS CLI writes at the end whether there was any or not.
pub(super) const RESET: &str = "\x1b[0m";

const RED: u8 = 31;
const GREEN: u8 = 32;
const YELLOW: u8 = 33;
const MAGENTA: u8 = 35;
const CYAN: u8 = 36;

impl Paint {
    /// A kind of resource.
    pub(super) fn kind(self, text: &str) -> String {
        self.with(CYAN, text)
    }

    /// A text in the colour of a status.
    pub(super) fn by_status(self, text: &str, status: Option<&str>) -> String {
        let color = match status {
            None | Some("" | "ACTIVE" | "SUCCESSFUL") => GREEN,
            Some("FAILED") => RED,
            Some("DELETED") => YELLOW,
            Some(_) => MAGENTA,
        };
        self.with(color, text)
    }

    /// The symbol of a status, and a blank. `spinner` stands for what is still at work.
    pub(super) fn symbol(self, status: Option<&str>, spinner: char) -> String {
        match status {
            None | Some("" | "ACTIVE" | "SUCCESSFUL") => self.with(GREEN, "✓ "),
            Some("FAILED" | "ROLLBACK_FAILED") => self.with(RED, "X "),
            Some("DELETED" | "STOPPED" | "ROLLBACK_SUCCESSFUL") => self.with(YELLOW, "— "),
            Some(_) => self.with(MAGENTA, &format!("{spinner} ")),
        }
    }

    fn with(self, color: u8, text: &str) -> String {
        if self.color { format!("\x1b[{color}m{text}{RESET}") } else { text.to_owned() }
    }
}
