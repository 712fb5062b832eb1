//! What a replaced credential still does.

use serde::{Deserialize, Serialize};

use super::{IssuedBody, Lifetime};

/// `POST /api/{mode}/rotate/trial`: rotates, then checks the replaced credential as `/me` and as `rotate` check that of
/// a request. The second rotation is rolled back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RotationTrial {
    /// The new credential, as `rotate` returns it.
    #[serde(flatten)]
    pub issued: IssuedBody,
    /// The dates of the replaced credential.
    pub previous: Lifetime,
    /// The answer to the replaced credential when it opens `/me`.
    pub to_sign_in: Verdict,
    /// The answer to the replaced credential when it asks for another rotation.
    pub to_rotate: Verdict,
}

/// The server's answer to a replaced credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// It still works, at most until this instant.
    Accepted { until: i64 },
    /// It got the same successor again, as a retry. The same client may repeat the rotation for `grace` seconds.
    Retry { grace: i64 },
    /// It does not work: `revoked`, `expired`, `refresh_token_reused` …
    Refused {
        reason: String,
        /// This use ends the sign-in. In a trial: a use outside of the trial would.
        ends_sign_in: bool,
    },
}

impl Verdict {
    /// Its kind.
    pub(crate) fn kind(&self) -> VerdictKind {
        match self {
            Self::Accepted { .. } => VerdictKind::Accepted,
            Self::Retry { .. } => VerdictKind::Retry,
            Self::Refused { ends_sign_in: false, .. } => VerdictKind::Refused,
            Self::Refused { ends_sign_in: true, .. } => VerdictKind::Ended,
        }
    }

    /// Its kind in one word, for the query of a page.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.kind().as_str()
    }
}

/// A [`Verdict`] without its date, grace and reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerdictKind {
    Accepted,
    Retry,
    Refused,
    /// Refused, and the sign-in ends.
    Ended,
}

impl VerdictKind {
    /// For a query and for `data-verdict`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Retry => "retry",
            Self::Refused => "refused",
            Self::Ended => "ended",
        }
    }

    // part: comparison, begin
    /// Parses the word in a query.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Accepted, Self::Retry, Self::Refused, Self::Ended].into_iter().find(|kind| kind.as_str() == word)
    }
    // part: comparison, end
}

/// `POST /api/{mode}/rotate/replay`: the answer to the replaced credential, which was used once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RotationReplay {
    /// The generation of the replaced credential.
    pub generation: i64,
    pub outcome: Verdict,
}
