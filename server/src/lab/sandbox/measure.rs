//! How long a stolen copy works.

use app::lab::Text;
use auth::{AuthError, Seconds, Timestamp};

use super::{Turn, chosen};
use crate::lab::column::ModeColumn;

/// A measurement ends after this time on the sandbox's clock. No copy of a stateless credential works for longer.
const LONGEST: Seconds = Seconds(12 * 3600 + 60);
/// For this time, the thief asks each minute, and then each five minutes. Both are less than any idle limit, so that
/// the copy stays in use.
const CLOSE: Seconds = Seconds::minutes(30);

impl Turn<'_> {
    /// The thief of each mode asks until it is refused. The clock moves between the requests.
    pub(super) async fn measure(&mut self, mode: Option<&str>) -> Result<Text, AuthError> {
        let from = self.sandbox.auth.now();
        for column in chosen(&mut self.state.columns, mode) {
            column.begin_measurement(from);
        }
        if chosen(&mut self.state.columns, mode).iter().all(|column| column.thief.is_none()) {
            return Ok(Text::fixed(
                "The thief has nothing. Copy the credentials first.",
                "도둑에게 아무것도 없습니다. 먼저 인증 정보를 복사하십시오.",
            ));
        }
        loop {
            let now = self.sandbox.auth.now();
            let step = if now.since(from) < CLOSE { Seconds::minutes(1) } else { Seconds::minutes(5) };
            let (mut waits, mut next) = (false, now.plus(step));
            for column in chosen(&mut self.state.columns, mode) {
                if !column.is_refused() && column.measure(&self.sandbox.router, now).await? {
                    waits = true;
                    next = around_the_announced(column, now).fold(next, Timestamp::min);
                }
            }
            if !waits || next.since(from) > LONGEST {
                break;
            }
            self.sandbox.clock.advance(next.since(now));
        }
        Ok(Text::fixed(
            "The thief has asked until it was refused, or for 12 hours of the sandbox's clock.",
            "도둑이 거부될 때까지, 또는 샌드박스의 시계로 12시간 동안 요청했습니다.",
        ))
    }
}

/// One second before the announced instant, and the instant itself, as far as they are still to come.
fn around_the_announced(column: &ModeColumn, now: Timestamp) -> impl Iterator<Item = Timestamp> + use<> {
    let instants = column.announced().map(|at| [Timestamp(at.0 - 1), at]);
    instants.into_iter().flatten().filter(move |at| *at > now)
}
