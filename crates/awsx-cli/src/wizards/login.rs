//! The questions of `login`.

use awsx_core::Secret;

use crate::context::{Context, check_region};
use crate::error::CommandResult;
use crate::ui::Question;

const DEFAULT_REGION: &str = "us-east-1";

/// Asks for the region that nothing sets.
pub(crate) fn ask_region(context: &Context) -> CommandResult<String> {
    context.ui.out(format_args!(
        "No AWS region has been configured. The AWS region is the geographic location of your AWS resources.\n\n\
         If you have used AWS before and already have resources in your account, specify which region they were \
         created in. If you have not created resources in your account before, you can pick the region closest to \
         you: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html.\n\n\
         You are able to change the region in the CLI at any time with the command \"awsx configure set region \
         NEW_REGION\".\n"
    ))?;
    let answer = context.ui.ask(&Question::new("AWS Region", "--region").default(DEFAULT_REGION))?;
    check_region(if answer.is_empty() { DEFAULT_REGION.to_owned() } else { answer })
}

/// Asks for the code that the confirmation page shows. No option answers this: the code is made for this very run.
pub(crate) fn ask_code(context: &Context) -> CommandResult<Secret<String>> {
    context.ui.out(format_args!("\n"))?;
    let answer = context.ui.ask_verbatim("Enter the authorization code displayed in your browser", false)?;
    Ok(answer.into())
}

/// Asks whether the profile may go over to another session.
pub(crate) fn ask_overwrite(context: &Context, profile: &str, old: &str, new: &str) -> CommandResult<bool> {
    let text = format!(
        "Profile {profile} is already configured to use session {old}. Do you want to overwrite it to use {new} \
         instead? (y/n)"
    );
    loop {
        context.ui.out(format_args!("\n"))?;
        let answer = context.ui.ask(&Question::new(&text, "--overwrite"))?;
        match answer.to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => context.ui.out(format_args!("Invalid response. Please enter \"y\" or \"n\"\n"))?,
        }
    }
}
