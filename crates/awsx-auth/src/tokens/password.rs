//! The password of a Windows instance, which EC2 encrypts for the key that the instance was launched with.

use awsx_core::Secret;

use super::TokenError;
use super::rsa_key::RsaKey;

/// The password in what EC2 gives, with the RSA key in PEM.
pub fn decrypt_password(
    private_key: &Secret<String>,
    encrypted: &[u8],
) -> Result<Secret<String>, TokenError> {
    let password = RsaKey::from_pem(private_key.expose())?.decrypt(encrypted);
    let password = password.and_then(|bytes| String::from_utf8(bytes).ok());
    password.map(Secret::new).ok_or(TokenError::PrivateKey)
}
