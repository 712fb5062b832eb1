//! Figures, and their medians.

/// The outcome of one measurement.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Requests per second.
    pub rate: f64,
    /// Milliseconds.
    pub p50: f64,
    /// Milliseconds.
    pub p99: f64,
    /// Bytes of an answer, with its head.
    pub bytes: f64,
    /// Answers with a status from 400, and requests without an answer.
    pub failed: f64,
    /// Microseconds of processor time that the server used per answer. `None` where the system does not tell.
    pub processor: Option<f64>,
}

/// The median of each figure, except for the failures: their sum.
pub fn summary(rounds: &[Sample]) -> Sample {
    let of = |figure: fn(&Sample) -> f64| median(rounds.iter().map(figure));
    Sample {
        rate: of(|round| round.rate),
        p50: of(|round| round.p50),
        p99: of(|round| round.p99),
        bytes: of(|round| round.bytes),
        failed: rounds.iter().map(|round| round.failed).sum(),
        processor: rounds
            .iter()
            .map(|round| round.processor)
            .collect::<Option<Vec<_>>>()
            .map(|times| median(times.into_iter())),
    }
}

/// The median of the ratios, round by round: the machine may be slower in another round.
pub fn ratio(rounds: &[Sample], to: &[Sample]) -> f64 {
    median(rounds.iter().zip(to).map(|(ours, theirs)| ours.rate / theirs.rate))
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    percentile(figures, 50)
}

/// The smallest figure that at least so many per cent of the figures do not exceed. 0 if there is none.
pub fn percentile(figures: impl Iterator<Item = f64>, percent: usize) -> f64 {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let rank = (figures.len() * percent).div_ceil(100);
    figures.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_figure_in_the_middle() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_99th_percentile_of_a_few_figures_is_the_largest() {
        assert!((percentile([1.0, 5.0, 2.0].into_iter(), 99) - 5.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_ratio_compares_figures_of_the_same_round() {
        let sample = |rate| Sample { rate, p50: 0.0, p99: 0.0, bytes: 0.0, failed: 0.0, processor: None };
        let (ours, theirs) = ([sample(1.0), sample(10.0), sample(3.0)], [sample(2.0), sample(20.0), sample(6.0)]);
        assert!((ratio(&ours, &theirs) - 0.5).abs() < f64::EPSILON);
    }
}
