//! Times and days in languages that put no spaces between words: `下午3点`, `15時30分`, `오후 3시`, `2026年7月3日`.

use super::{
    Value,
    find::Place,
    half::Half,
    read::{Read, few, year},
};

/// Such a letter begins no word and ends none.
pub(super) fn is_unspaced(c: char) -> bool {
    c >= '\u{1100}' && c.is_alphabetic() && !('\u{1e00}'..='\u{1fff}').contains(&c)
}

const HOURS: &[&str] = &["時", "时", "點", "点", "시"];
/// `2時間` and `2시간` are hours that last.
const LASTING: &[&str] = &["間", "间", "간"];
const MINUTES: &[&str] = &["分", "분"];
const HALVES: &[&str] = &["半", "반"];

/// Before an hour.
const MORNING: &[&str] = &["上午", "早上", "凌晨", "午前", "朝", "오전", "아침"];
const EVENING: &[&str] = &["下午", "晚上", "傍晚", "午後", "夕方", "夜", "오후", "저녁", "밤"];

fn strip<'a>(text: &'a str, marks: &[&str]) -> Option<&'a str> {
    marks.iter().find_map(|mark| text.strip_prefix(mark))
}

pub(super) fn time(place: &Place<'_>) -> Read {
    let text = place.rest();
    let (hour, len) = few(text, 2).filter(|(hour, _)| *hour <= 24)?;
    let mut rest = strip(&text[len..], HOURS)?;
    if strip(rest, LASTING).is_some() {
        return None;
    }
    let mut minutes = 0;
    let spaceless = rest.trim_start_matches(' ');
    if let Some(after) = strip(rest, HALVES) {
        (minutes, rest) = (30, after);
    } else if let Some((minute, len)) = few(spaceless, 2).filter(|(minute, _)| *minute < 60)
        && let Some(after) = strip(&spaceless[len..], MINUTES)
    {
        (minutes, rest) = (minute, after);
    }
    let before = place.before().trim_end_matches(' ');
    let says = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    let half =
        if says(MORNING) { Some(Half::Morning) } else { says(EVENING).then_some(Half::Evening) };
    let hour = half.filter(|_| hour <= 12).map_or(hour, |half| half.hour(hour));
    let value = Value::Time { minutes: (hour * 60 + minutes) % (24 * 60) };
    Some((value, text.len() - rest.len()))
}

pub(super) fn date(text: &str) -> Read {
    let year = year(text)
        .and_then(|(year, len)| Some((year, strip(&text[len..], &["年", "년"])?)))
        .map(|(year, behind)| (Some(year), behind.trim_start_matches(' ')));
    let (year, text_behind) = year.unwrap_or((None, text));
    let (month, len) = few(text_behind, 2).filter(|(month, _)| (1..=12).contains(month))?;
    let behind = strip(&text_behind[len..], &["月", "월"])?.trim_start_matches(' ');
    let (day, len) = few(behind, 2).filter(|(day, _)| (1..=31).contains(day))?;
    let rest = strip(&behind[len..], &["日", "号", "號", "일"])?;
    let (day, month) = (u8::try_from(day).ok()?, u8::try_from(month).ok()?);
    Some((Value::Date { day, month, year }, text.len() - rest.len()))
}
