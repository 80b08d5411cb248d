//! A QR code drawn with half blocks, two rows a line.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// The code as text; none if the content is too long for one.
pub(crate) fn render(content: &str) -> Option<String> {
    // The less a code mends, the more it holds.
    let code =
        QrCode::new(content).or_else(|_| QrCode::with_error_correction_level(content, EcLevel::L)).ok()?;
    // Light on dark reads on most terminals; phones read both.
    let mut drawing = code.render::<Dense1x2>();
    Some(drawing.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}
