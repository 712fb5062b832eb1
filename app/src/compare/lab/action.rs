//! What a learner can do in a sandbox. The buttons of the page and the server read the same list.

use serde::Deserialize;

/// An enum whose variants have the names of a form.
macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// The value in a form.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

named! {
    /// What each mode does by itself.
    Each {
        LogIn = "log-in",
        Me = "me",
        HundredMe = "hundred-me",
        Rotate = "rotate",
        LogOut = "log-out",
        /// Copies the owner's credentials to the thief.
        Steal = "steal",
        ThiefMe = "thief-me",
        ThiefRotate = "thief-rotate",
    }
}

named! {
    /// What ends the sign-ins of the account, or those that a key protects.
    AccountEnd {
        LogOutEverywhere = "log-out-everywhere",
        ChangePassword = "change-password",
        Disable = "disable",
        /// The opposite of `Disable`.
        Enable = "enable",
        RetireKey = "retire-key",
    }
}

named! {
    /// Several renewals of one credential.
    Renewals {
        /// At the same time with one `Idempotency-Key`, as the tabs of a browser send it.
        Tabs = "race-tabs",
        /// At the same time, each with a key of its own.
        Programs = "race-programs",
        /// The same by many.
        Crowd = "race-crowd",
        /// A theft: the thief renews, then the owner with the old credential.
        ThiefFirst = "thief-first",
        /// A theft: the owner renews, then the thief with the old credential.
        OwnerFirst = "owner-first",
    }
}

named! {
    /// A move of the sandbox's clock.
    Wait {
        FiveMinutes = "five-minutes",
        HalfAnHour = "half-an-hour",
        TwelveHours = "twelve-hours",
    }
}

/// An action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Action {
    Each(Each),
    End(AccountEnd),
    Renew(Renewals),
    Wait(Wait),
    /// The thief asks until it is refused.
    Measure,
}

impl Action {
    const MEASURE: &'static str = "measure";

    /// The value in a form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Each(each) => each.as_str(),
            Self::End(end) => end.as_str(),
            Self::Renew(renewals) => renewals.as_str(),
            Self::Wait(wait) => wait.as_str(),
            Self::Measure => Self::MEASURE,
        }
    }
}

impl TryFrom<String> for Action {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let each = Each::parse(&text).map(Self::Each);
        let end = || AccountEnd::parse(&text).map(Self::End);
        let renew = || Renewals::parse(&text).map(Self::Renew);
        let wait = || Wait::parse(&text).map(Self::Wait);
        let measure = || (text == Self::MEASURE).then_some(Self::Measure);
        each.or_else(end).or_else(renew).or_else(wait).or_else(measure).ok_or("an action of the lab")
    }
}

/// The settings of a new sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Choices {
    #[serde(default)]
    pub access_check: Check,
    #[serde(default)]
    pub policy: Policy,
}

/// The defaults, with this strength of the access check.
impl From<Check> for Choices {
    fn from(access_check: Check) -> Self {
        Self { access_check, ..Self::default() }
    }
}

/// A strength of the access check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    Signature,
    #[default]
    Account,
    SignIn,
}

impl Check {
    /// The value of `ACCESS_CHECK`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Account => "account",
            Self::SignIn => "sign-in",
        }
    }
}

/// What the server does with a credential that a rotation has replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// The defaults of this server: a refresh token may be used again by the same caller for ten seconds; a later use
    /// ends the sign-in. Any other replaced credential is refused.
    #[default]
    Default,
    /// No grace, and every second use ends the sign-in (RFC 9700, 4.14.2).
    Strict,
}

impl Policy {
    /// The value in the form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Strict => "strict",
        }
    }
}
