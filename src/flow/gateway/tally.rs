//! What intake read since the start, in numbers: kinds, and how sure the cut of new text was. A cut that goes wrong is
//! silent otherwise.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
};

use crate::ground::{reading::Reading, word};

/// Upper ends of the confidence buckets; below 0.7 a person should see the whole mail.
const BUCKETS: [f32; 5] = [0.5, 0.7, 0.85, 0.95, 1.0];

/// Counts of one process.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    kinds: BTreeMap<String, u64>,
    buckets: [u64; BUCKETS.len()],
    confidence_sum: f64,
    read: u64,
}

impl Tally {
    pub(super) fn count(&self, reading: &Reading) {
        let kind = word::of(&reading.kind);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.kinds.entry(kind).or_default() += 1;
        if reading.is_person() {
            let bucket = BUCKETS.iter().position(|end| reading.confidence <= *end);
            counts.buckets[bucket.unwrap_or(BUCKETS.len() - 1)] += 1;
            counts.confidence_sum += f64::from(reading.confidence);
            counts.read += 1;
        }
    }

    /// In Prometheus' text format.
    pub fn render(&self) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::from("# TYPE relais_letters_read_total counter\n");
        for (kind, count) in &counts.kinds {
            let _ = writeln!(out, "relais_letters_read_total{{kind=\"{kind}\"}} {count}");
        }
        out.push_str("# HELP relais_new_text_confidence How sure the cut of new text was, of persons' letters.\n");
        out.push_str("# TYPE relais_new_text_confidence histogram\n");
        let mut below = 0;
        for (end, count) in BUCKETS.iter().zip(counts.buckets) {
            below += count;
            let _ = writeln!(out, "relais_new_text_confidence_bucket{{le=\"{end}\"}} {below}");
        }
        let _ = writeln!(out, "relais_new_text_confidence_bucket{{le=\"+Inf\"}} {}", counts.read);
        let _ = writeln!(out, "relais_new_text_confidence_sum {}", counts.confidence_sum);
        let _ = writeln!(out, "relais_new_text_confidence_count {}", counts.read);
        out
    }
}
