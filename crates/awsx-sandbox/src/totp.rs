//! Codes of MFA devices: RFC 6238 with SHA-1, six digits, 30 seconds.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

const STEP_SECONDS: u64 = 30;
/// How many steps ago the first code of a pair may have been shown
const LONGEST_AGO: u64 = 4;
/// What Base32 writes five bits with
pub(crate) const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The device and the codes it has already spent.
#[derive(Debug)]
pub(crate) struct Device {
    secret: Vec<u8>,
    last_step: u64,
}

impl Device {
    pub(crate) fn new(seed: &str) -> Self {
        Self { secret: decode_base32(seed).expect("the seed is Base32"), last_step: 0 }
    }

    /// Accepts two codes of steps that follow each other, not long ago, and spends them.
    pub(crate) fn accept_pair(&mut self, first: &str, second: &str, unix_seconds: u64) -> bool {
        let now = unix_seconds / STEP_SECONDS;
        let step = (now.saturating_sub(LONGEST_AGO)..=now).find(|&step| {
            code_at_step(&self.secret, step) == first && code_at_step(&self.secret, step + 1) == second
        });
        self.last_step = step.map_or(self.last_step, |step| step + 1);
        step.is_some()
    }

    /// The codes of the step before the last, of the last step and of this one: two to enable the device with, and one
    /// that is good afterwards.
    pub(crate) fn codes_to_enable(&self, unix_seconds: u64) -> [String; 3] {
        let now = unix_seconds / STEP_SECONDS;
        [2, 1, 0].map(|ago| code_at_step(&self.secret, now.saturating_sub(ago)))
    }

    /// Accepts a code of the step before, of or after `unix_seconds`, unless it or a later one was accepted before.
    pub(crate) fn accept(&mut self, code: &str, unix_seconds: u64) -> bool {
        let step = window(unix_seconds)
            .find(|&step| step > self.last_step && code_at_step(&self.secret, step) == code);
        self.last_step = step.unwrap_or(self.last_step);
        step.is_some()
    }

    /// A code that [`Device::accept`] would accept, or the current one if all of the window are spent.
    pub(crate) fn fresh_code(&self, unix_seconds: u64) -> String {
        let now = unix_seconds / STEP_SECONDS;
        let step = (now..=now + 1).find(|&step| step > self.last_step).unwrap_or(now);
        code_at_step(&self.secret, step)
    }
}

fn window(unix_seconds: u64) -> std::ops::RangeInclusive<u64> {
    let step = unix_seconds / STEP_SECONDS;
    step.saturating_sub(1)..=step + 1
}

fn code_at_step(secret: &[u8], step: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let start = usize::from(digest[19] & 0x0f);
    let word = [digest[start] & 0x7f, digest[start + 1], digest[start + 2], digest[start + 3]];
    format!("{:06}", u32::from_be_bytes(word) % 1_000_000)
}

fn decode_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        buffer = (buffer << 5 | u32::from(value)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xff).expect("masked to a byte"));
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    #[test]
    fn codes_match_the_vectors_of_rfc_6238() {
        let secret = decode_base32(seed::MFA_SEED).unwrap();
        assert_eq!(secret, b"12345678901234567890");
        for (unix_seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(code_at_step(&secret, unix_seconds / STEP_SECONDS), code);
        }
    }

    #[test]
    fn a_pair_is_of_steps_that_follow_each_other() {
        let mut device = Device::new(seed::MFA_SEED);
        let now = 1_111_111_109;
        let [first, second, third] = device.codes_to_enable(now);
        assert!(!device.accept_pair(&second, &first, now));
        assert!(!device.accept_pair(&first, &third, now));
        assert!(device.accept_pair(&first, &second, now));
        assert!(!device.accept(&second, now), "spent");
        assert!(device.accept(&third, now));
    }

    #[test]
    fn a_code_serves_once_and_only_near_its_time() {
        let mut device = Device::new(seed::MFA_SEED);
        let now = 1_111_111_109;
        assert!(!device.accept("081804", now + 90));
        assert!(device.accept("081804", now + 30));
        assert!(!device.accept("081804", now));
        let next = device.fresh_code(now);
        assert!(device.accept(&next, now));
    }
}
