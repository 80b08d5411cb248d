//! Values that must not be shown.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A value that no log, error or panic shows.
///
/// `Debug` prints `****` and there is no `Display`. [`expose`](Secret::expose) marks the few places that need
/// the value itself: a signature, a request body, a cache file, output that the user asked for. The memory is
/// overwritten when the value is dropped. Serializing writes the value, since the caches on disk hold it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl Secret<String> {
    /// AWS CLI's masked form: sixteen stars and the last four characters.
    pub fn masked(&self) -> String {
        let characters = self.0.chars().count();
        let tail: String = self.0.chars().skip(characters.saturating_sub(4)).collect();
        format!("****************{tail}")
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

impl FromStr for Secret<String> {
    type Err = Infallible;

    fn from_str(value: &str) -> Result<Self, Infallible> {
        Ok(Self::from(value))
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<String> for Secret<String> {
    fn from(value: String) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_part_of_the_value() {
        assert_eq!(format!("{:?}", Secret::from("wJalrXUtnFEMI")), "****");
        assert_eq!(format!("{:#?}", Some(Secret::from("wJalrXUtnFEMI"))), "Some(\n    ****,\n)");
    }

    #[test]
    fn the_mask_keeps_four_characters() {
        assert_eq!(Secret::from("AKIADEFAULT").masked(), "****************AULT");
        assert_eq!(Secret::from("abc").masked(), "****************abc");
        assert_eq!(Secret::from("åß∂ƒ©").masked(), "****************ß∂ƒ©");
    }
}
