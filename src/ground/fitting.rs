//! A picture made to fit a channel that takes only small ones: turned upright, made smaller, written as JPEG.
//!
//! What a camera writes beside the picture (where it was taken) does not survive that. Pictures are strangers' bytes:
//! size and memory are bounded before anything is decoded.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder, imageops,
};

use crate::ground::letter::Attachment;

/// Longer sides than this show nothing more on a screen.
const SIDE: u32 = 2048;
/// No camera makes larger ones.
const MOST_PIXELS: u64 = 120_000_000;
const MOST_MEMORY: u64 = 600 << 20;
/// Tried in this order; then the picture is halved.
const QUALITIES: [u8; 3] = [85, 70, 50];

/// Can this be made a small picture? Only its first bytes are looked at.
pub fn is_possible(file: &Attachment) -> bool {
    let reader = ImageReader::new(Cursor::new(&file.content)).with_guessed_format();
    let size = reader.ok().and_then(|reader| reader.into_dimensions().ok());
    size.is_some_and(|(width, height)| u64::from(width) * u64::from(height) <= MOST_PIXELS)
}

/// The picture as a JPEG of at most so many bytes; `None` when it is none, or too strange.
pub fn fitted(file: &Attachment, max_bytes: usize) -> Option<Attachment> {
    if !is_possible(file) {
        return None;
    }
    let mut reader = ImageReader::new(Cursor::new(&file.content)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    if picture.width().max(picture.height()) > SIDE {
        picture = picture.resize(SIDE, SIDE, imageops::FilterType::Triangle);
    }
    let mut picture = on_white(&picture);
    loop {
        for quality in QUALITIES {
            let mut content = Vec::new();
            JpegEncoder::new_with_quality(&mut content, quality).encode_image(&picture).ok()?;
            if content.len() <= max_bytes {
                let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
                return Some(Attachment {
                    name: format!("{}.jpg", if stem.is_empty() { "picture" } else { stem }),
                    media_type: "image/jpeg".to_owned(),
                    content,
                    ..file.clone()
                });
            }
        }
        let (width, height) = (picture.width() / 2, picture.height() / 2);
        if width == 0 || height == 0 {
            return None;
        }
        picture = imageops::resize(&picture, width, height, imageops::FilterType::Triangle);
    }
}

/// JPEG knows nothing transparent; black would be.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let mut ground = RgbImage::from_pixel(picture.width(), picture.height(), image::Rgb([255; 3]));
    for (x, y, pixel) in picture.to_rgba8().enumerate_pixels() {
        let [red, green, blue, alpha] = pixel.0;
        let mixed = |colour: u8| {
            let (colour, alpha) = (u32::from(colour), u32::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        ground.put_pixel(x, y, image::Rgb([red, green, blue].map(mixed)));
    }
    ground
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgba, RgbaImage};

    fn file(name: &str, content: Vec<u8>) -> Attachment {
        let media_type = "application/octet-stream".to_owned();
        Attachment { name: name.into(), media_type, content_id: None, inline: false, content }
    }

    fn written(picture: &RgbaImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn pictures_are_made_to_fit() {
        // Noise is the hardest to make small.
        let mut seed: u32 = 1;
        let noise = RgbaImage::from_fn(900, 700, |_, _| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgba([(seed >> 8) as u8, (seed >> 16) as u8, (seed >> 24) as u8, 255])
        });
        for (name, format) in [("a.png", ImageFormat::Png), ("b.webp", ImageFormat::WebP)] {
            let given = file(name, written(&noise, format));
            assert!(given.content.len() > 1_000_000);
            let made = fitted(&given, 100_000).unwrap();
            assert!(made.content.len() <= 100_000 && made.media_type == "image/jpeg");
            assert_eq!(made.name, format!("{}.jpg", &name[..1]));
            let read = image::load_from_memory(&made.content).unwrap();
            assert!((read.width() * 7).abs_diff(read.height() * 9) < 20, "its shape stays");
        }
        let wide = RgbaImage::from_pixel(4000, 10, Rgba([0, 0, 0, 0]));
        let made = fitted(&file("", written(&wide, ImageFormat::Png)), 1_000_000).unwrap();
        let read = image::load_from_memory(&made.content).unwrap().to_rgb8();
        assert_eq!((made.name.as_str(), read.width()), ("picture.jpg", SIDE));
        assert!(read.get_pixel(5, 2).0.iter().all(|c| *c > 250), "what is transparent is white");
    }

    #[test]
    fn what_is_no_picture_stays_none() {
        let picture = written(&RgbaImage::from_pixel(3, 3, Rgba([9; 4])), ImageFormat::Png);
        let mut huge = picture.clone();
        // The width in its header (PNG, IHDR): a bomb is refused before it is decoded.
        huge[16..20].copy_from_slice(&1_000_000_u32.to_be_bytes());
        huge[20..24].copy_from_slice(&1_000_000_u32.to_be_bytes());
        let table = [
            (Vec::new(), false),
            (b"%PDF-1.7".to_vec(), false),
            (b"GIF89a".to_vec(), false),
            (huge, false),
            (picture.clone(), true),
        ];
        for (content, possible) in table {
            let given = file("x", content);
            assert_eq!(is_possible(&given), possible, "{:?}", &given.content.get(..8));
            assert_eq!(fitted(&given, 1_000_000).is_some(), possible);
        }
        for end in 0..picture.len() {
            // Cut anywhere it may fail, but it ends.
            fitted(&file("x", picture[..end].to_vec()), 1_000);
        }
    }
}
