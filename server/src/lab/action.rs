//! What a learner can do in a sandbox.

use serde::Deserialize;

/// A form of the page.
#[derive(Deserialize)]
pub struct Form {
    pub action: Action,
    /// The id of a mode. Absent: every mode.
    #[serde(default)]
    pub mode: Option<String>,
    /// The strength of the access check of a new sandbox.
    #[serde(default)]
    pub access_check: Option<Check>,
    /// What the second use of a credential does in a new sandbox.
    #[serde(default)]
    pub policy: Option<Policy>,
}

/// The settings of a new sandbox.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choices {
    pub check: Check,
    pub policy: Policy,
}

/// As [`app::lab::Policy`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    #[default]
    Default,
    Strict,
}

impl Policy {
    /// The settings of the policy.
    pub const fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Default => &[],
            Self::Strict => &[("REFRESH_GRACE", "0"), ("REPLACED_CREDENTIAL", "end")],
        }
    }

    pub const fn shown(self) -> app::lab::Policy {
        match self {
            Self::Default => app::lab::Policy::Default,
            Self::Strict => app::lab::Policy::Strict,
        }
    }
}

/// An action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Opens a new sandbox, and forgets the one before.
    Open,
    LogIn,
    Me,
    HundredMe,
    Rotate,
    LogOut,
    /// Ends every sign-in of the account.
    LogOutEverywhere,
    ChangePassword,
    Disable,
    Enable,
    RetireKey,
    /// Copies the owner's credentials to the thief.
    Steal,
    ThiefMe,
    ThiefRotate,
    /// The thief asks until it is refused.
    Measure,
    /// Renewals at the same time with one `Idempotency-Key`, as the tabs of a browser send it.
    RaceTabs,
    /// Renewals at the same time, each with a key of its own.
    RacePrograms,
    /// The same by many.
    RaceCrowd,
    /// A theft: the thief renews, then the owner with the old credential.
    ThiefFirst,
    /// A theft: the owner renews, then the thief with the old credential.
    OwnerFirst,
    FiveMinutes,
    HalfAnHour,
    TwelveHours,
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
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Account => "account",
            Self::SignIn => "sign-in",
        }
    }
}
