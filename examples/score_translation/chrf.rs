//! chrF2 (Popović 2015) over a corpus, as sacreBLEU counts it: character n-grams of 1 to 6 without blanks, β = 2.

use std::collections::HashMap;

const ORDERS: usize = 6;
const BETA2: f64 = 4.0;

/// Counts of a corpus, summed up sentence by sentence.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Chrf {
    matched: [usize; ORDERS],
    said: [usize; ORDERS],
    wanted: [usize; ORDERS],
}

impl Chrf {
    pub(crate) fn add(&mut self, said: &str, wanted: &str) {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>();
        let (said, wanted) = (letters(said), letters(wanted));
        for order in 1..=ORDERS {
            let (ours, theirs) = (grams(&said, order), grams(&wanted, order));
            let at = order - 1;
            self.said[at] += ours.values().sum::<usize>();
            self.wanted[at] += theirs.values().sum::<usize>();
            self.matched[at] += ours
                .iter()
                .map(|(gram, count)| (*count).min(*theirs.get(gram).unwrap_or(&0)))
                .sum::<usize>();
        }
    }

    /// 0 to 100.
    pub(crate) fn score(&self) -> f64 {
        let of = |order: usize| {
            let share = |of: usize| self.matched[order] as f64 / of.max(1) as f64;
            let (precision, recall) = (share(self.said[order]), share(self.wanted[order]));
            let both = BETA2 * precision + recall;
            if both == 0.0 { 0.0 } else { (1.0 + BETA2) * precision * recall / both }
        };
        100.0 * (0..ORDERS).map(of).sum::<f64>() / ORDERS as f64
    }
}

fn grams(letters: &[char], order: usize) -> HashMap<&[char], usize> {
    let mut counts = HashMap::new();
    for gram in letters.windows(order) {
        *counts.entry(gram).or_insert(0) += 1;
    }
    counts
}
