//! How an error is shown: a line with its hints, or fields for a program that reads them.

use awsx_core::settings::{Settings, table};
use awsx_output::{Format, Value, python_str};

use super::{CommandError, ServiceFields};
use crate::output;
use crate::ui::Ui;

impl CommandError {
    pub(super) fn show(&self, settings: &Settings, ui: Ui) {
        // Where the format cannot be looked up, AWS CLI shows the bare message; so a broken profile still tells.
        let format =
            settings.text(&table::ERROR_FORMAT).ok().flatten().unwrap_or_else(|| "legacy".to_owned());
        if let Ok(format) = format.parse::<Format>()
            && self.more.usage_before.is_none()
            && !self.more.too_early_for_formats
            && matches!(format, Format::Json | Format::Yaml | Format::Text | Format::Table)
            && let Some(fields) = self.fields()
        {
            // Nothing else: a program reads this.
            ui.err(format_args!("{}", output::render(format, "error", &fields)));
            return;
        }
        self.show_line(format == "legacy" && !self.more.too_early_for_formats, ui);
        for cause in &self.more.causes {
            ui.err(format_args!("caused by: {cause}\n"));
        }
        for hint in &self.more.hints {
            ui.err(format_args!("hint: {hint}\n"));
        }
    }

    fn show_line(&self, bare: bool, ui: Ui) {
        if let Some(usage) = self.more.usage_before {
            ui.err(format_args!("\n{usage}\n\n"));
        }
        let message = match self.kind.client_code().filter(|_| !bare && self.more.usage_before.is_none()) {
            Some(code) => format!("An error occurred ({code}): {}", self.message),
            None => self.message.clone(),
        };
        ui.err(format_args!("\nawsx: [ERROR]: {}\n", message.trim()));
        if !bare {
            self.show_details(ui);
        }
    }

    fn show_details(&self, ui: Ui) {
        let Some(service) = &self.more.service else { return };
        if !service.details.is_empty() {
            ui.err(format_args!("\nAdditional error details:\n"));
        }
        let mut complex = false;
        for (key, value) in &service.details {
            let shown = inline(value);
            complex |= shown.is_none();
            ui.err(format_args!("{key}: {}\n", shown.as_deref().unwrap_or("<complex value>")));
        }
        if complex {
            ui.err(format_args!(
                "Use \"--cli-error-format json\" or another error format to see the full details.\n"
            ));
        }
    }

    fn fields(&self) -> Option<Value> {
        if let Some(ServiceFields { ordered: Some(fields), .. }) = &self.more.service {
            return Some(Value::Map(fields.clone()));
        }
        let (code, message, details) = match &self.more.service {
            Some(service) => (service.code.as_str(), service.message.as_str(), service.details.as_slice()),
            None => (self.kind.client_code()?, self.message.as_str(), &[][..]),
        };
        let fixed = [("Code", code), ("Message", message)].map(|(key, value)| (key.to_owned(), value.into()));
        let details = details.iter().cloned();
        Some(Value::Map(fixed.into_iter().chain(details).collect()))
    }
}

/// A field of an error on one line, if it fits there.
fn inline(value: &Value) -> Option<String> {
    let scalar = |value: &Value| match value {
        Value::List(_) | Value::Map(_) => None,
        scalar => Some(python_str(scalar)),
    };
    match value {
        Value::List(elements) if elements.len() < INLINE_FIELDS => {
            let elements: Option<Vec<String>> = elements.iter().map(scalar).collect();
            Some(format!("[{}]", elements?.join(", ")))
        }
        Value::Map(entries) if entries.len() < INLINE_FIELDS => {
            let entries = entries.iter().map(|(key, value)| Some(format!("{key}: {}", scalar(value)?)));
            Some(format!("{{{}}}", entries.collect::<Option<Vec<_>>>()?.join(", ")))
        }
        value => scalar(value),
    }
}

/// From this many elements on, a list or map in an error is not shown on a line.
const INLINE_FIELDS: usize = 5;
