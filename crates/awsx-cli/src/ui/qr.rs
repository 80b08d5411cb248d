//! A QR code drawn with half blocks, two rows a line.

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// The code as text; none if the content is too long for one.
pub(crate) fn render(content: &str) -> Option<String> {
    let code = QrCode::new(content).ok()?;
    // Light on dark reads on most terminals; phones read both.
    let mut drawing = code.render::<Dense1x2>();
    Some(drawing.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}
