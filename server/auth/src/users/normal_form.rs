//! The normal form of a user name or a password (PRECIS, RFC 8264).

use precis_profiles::precis_core::profile::PrecisFastInvocation;

/// Applies a profile. `None` if it forbids a character, or if it forbids or changes its own result: such a form could
/// be neither typed nor read back (RFC 8264, 7). Examples are Cherokee letters, which fold once more, and the Greek
/// ano teleia, which becomes a middle dot.
pub(super) fn normal_form<Profile: PrecisFastInvocation>(text: &str) -> Option<String> {
    let form = Profile::enforce(text).ok()?;
    let again = Profile::enforce(form.as_ref()).ok()?;
    (again == form).then(|| form.into_owned())
}
