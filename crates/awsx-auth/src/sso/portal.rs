//! What a signed-in person may use: accounts, and roles in them.

use aws_sdk_sso::operation::list_account_roles::ListAccountRolesError;
use aws_sdk_sso::operation::list_accounts::ListAccountsError;
use awsx_http::CallError;

use super::Token;
use crate::{AuthError, Clients};

/// An account the person has a role in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// The account's name, if the portal tells it.
    pub name: Option<String>,
    /// The owner's address, if the portal tells it.
    pub email: Option<String>,
}

impl Account {
    /// `NAME, EMAIL (ID)`, or what there is of it.
    pub fn label(&self) -> String {
        match (&self.name, &self.email) {
            (Some(name), Some(email)) => format!("{name}, {email} ({})", self.id),
            (Some(text), None) | (None, Some(text)) => format!("{text} ({})", self.id),
            (None, None) => self.id.clone(),
        }
    }

    /// AWS CLI's order: named accounts by name or address, then bare ids.
    fn sort_key(&self) -> (bool, String) {
        let text = self.name.as_ref().or(self.email.as_ref());
        (text.is_none(), text.unwrap_or(&self.id).to_lowercase())
    }
}

/// All accounts, sorted for a menu.
pub async fn fetch_accounts(
    clients: &Clients<'_>,
    region: &str,
    token: &Token,
) -> Result<Vec<Account>, AuthError> {
    let request = clients.portal(region)?.list_accounts().access_token(token.access_token.expose());
    let mut pages = request.into_paginator().items().send();
    let mut accounts = Vec::new();
    while let Some(account) = pages.next().await {
        let account = account.map_err(|error| CallError::of::<ListAccountsError>("ListAccounts", error))?;
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        accounts.push(Account {
            id: account.account_id.unwrap_or_default(),
            name: filled(account.account_name),
            email: filled(account.email_address),
        });
    }
    accounts.sort_by_cached_key(Account::sort_key);
    Ok(accounts)
}

/// The names of all roles in an account, sorted for a menu.
pub async fn fetch_roles(
    clients: &Clients<'_>,
    region: &str,
    token: &Token,
    account_id: &str,
) -> Result<Vec<String>, AuthError> {
    let portal = clients.portal(region)?;
    let request =
        portal.list_account_roles().access_token(token.access_token.expose()).account_id(account_id);
    let mut pages = request.into_paginator().items().send();
    let mut roles = Vec::new();
    while let Some(role) = pages.next().await {
        let role = role.map_err(|error| CallError::of::<ListAccountRolesError>("ListAccountRoles", error))?;
        roles.push(role.role_name.unwrap_or_default());
    }
    roles.sort_by_cached_key(|name| name.to_lowercase());
    Ok(roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_accounts_come_first_whatever_the_case() {
        let account = |id: &str, name: Option<&str>, email: Option<&str>| Account {
            id: id.into(),
            name: name.map(Into::into),
            email: email.map(Into::into),
        };
        let mut accounts = [
            account("000000000001", None, None),
            account("000000000004", Some("zebra"), Some("z@example.com")),
            account("000000000003", None, Some("mid@example.com")),
            account("000000000002", Some("Alpha"), None),
        ];
        accounts.sort_by_cached_key(Account::sort_key);
        let labels: Vec<String> = accounts.iter().map(Account::label).collect();
        assert_eq!(
            labels,
            [
                "Alpha (000000000002)",
                "mid@example.com (000000000003)",
                "zebra, z@example.com (000000000004)",
                "000000000001",
            ]
        );
    }
}
