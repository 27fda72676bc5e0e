// DCMTK behind C: no C++ type and no exception passes this header.
#ifndef OSTEON_CDCMTK_H
#define OSTEON_CDCMTK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parsed DICOM file. Each object belongs to one thread at a time; different objects may be used at once.
typedef struct cdcmtk_file cdcmtk_file;

typedef enum cdcmtk_status {
    CDCMTK_OK = 0,
    /// The bytes end before the data set does.
    CDCMTK_INCOMPLETE,
    /// The bytes are no DICOM, or break its encoding rules, or nest deeper than any real object.
    CDCMTK_DAMAGED,
    /// There is no Pixel Data element.
    CDCMTK_NO_PIXELS,
    /// The pixel data holds fewer bytes than the image needs.
    CDCMTK_TOO_FEW_PIXELS,
    /// No decoder for the transfer syntax.
    CDCMTK_UNSUPPORTED,
    /// The decoder refused the compressed pixels.
    CDCMTK_UNDECODABLE,
} cdcmtk_status;

/// Which part of a file `cdcmtk_open` needs.
typedef enum cdcmtk_extent {
    /// Everything, pixels included.
    CDCMTK_WHOLE = 0,
    /// The elements before Pixel Data. `bytes` may be the beginning of a file; CDCMTK_INCOMPLETE asks for more of it.
    CDCMTK_BEFORE_PIXELS = 1,
} cdcmtk_extent;

/// Parses a DICOM file held in memory; the bytes are copied and may be freed afterwards. Returns NULL and sets `status`
/// and `message` (DCMTK's words, zero-terminated) when it cannot. Free with `cdcmtk_close`.
cdcmtk_file *cdcmtk_open(
    const void *bytes, size_t count, cdcmtk_extent extent, cdcmtk_status *status, char *message, size_t messageSize);
void cdcmtk_close(cdcmtk_file *file);

/// The UID of the transfer syntax that the data set was encoded in. The string lives as long as the file.
const char *cdcmtk_transfer_syntax(const cdcmtk_file *file);

/// Copies the element's value as text (several values joined by a backslash), without padding, zero-terminated and cut
/// to `size`. Returns 1 when the element is there and not empty, 0 otherwise.
int cdcmtk_text(cdcmtk_file *file, uint16_t group, uint16_t element, char *text, size_t size);

/// Converts every text of the data set to UTF-8; texts that cannot be converted stay as they are.
void cdcmtk_convert_to_utf8(cdcmtk_file *file);

/// Reads up to `capacity` numbers of a DS, IS, US, SS, FD or FL element. Returns how many were read; 0 when absent.
int cdcmtk_numbers(cdcmtk_file *file, uint16_t group, uint16_t element, double *numbers, int capacity);

/// Shape and encoding of the stored values of one image (PS3.3 C.7.6.3).
typedef struct cdcmtk_pixels {
    int rows;
    int columns;
    int bitsAllocated;
    int bitsStored;
    int highBit;
    /// Pixel Representation: 0 unsigned, 1 two's complement.
    int isSigned;
} cdcmtk_pixels;

/// Decodes the one frame of a greyscale image to stored values, row by row, before rescale. `values` holds rows x columns.
/// BitsStored and HighBit are cut out and the sign extended as Pixel Representation says, for JPEG 2000 also where the
/// codestream's own sign flag differs from it. May change the parsed file (decompression happens in place).
cdcmtk_status cdcmtk_decode(
    cdcmtk_file *file, const cdcmtk_pixels *shape, int32_t *values, char *message, size_t messageSize);

/// Tells, without decoding, whether Pixel Data is there, of a transfer syntax that can be decoded, and long enough: an uncompressed image needs rows x columns cells,
/// a compressed one at least one fragment.
cdcmtk_status cdcmtk_check_pixels(cdcmtk_file *file, const cdcmtk_pixels *shape);

/// CRC-32 of the bytes of Pixel Data as parsed (compressed fragments one after another); 0 without pixels.
uint32_t cdcmtk_pixel_crc(cdcmtk_file *file);

/// The data set in the DICOM JSON model (PS3.18 F.2) as UTF-8, without Pixel Data and without binary values over 1 KiB: all elements, or where
/// `tags` is not NULL those of them that are there (group in the upper 16 bits). Takes bulk data from the parsed file and makes its texts UTF-8: call
/// it last. NULL when DCMTK cannot write it. Free with `cdcmtk_free`.
char *cdcmtk_json(cdcmtk_file *file, const uint32_t *tags, size_t tagCount, size_t *count);
void cdcmtk_free(void *bytes);

/// What becomes of an element that is rewritten.
typedef enum cdcmtk_action {
    CDCMTK_REMOVE = 0,
    CDCMTK_KEEP = 1,
    /// Its value becomes the text that was written to `replacement`.
    CDCMTK_REPLACE = 2,
} cdcmtk_action;

/// Decides on one element. `text` is its value as text, empty where it is no text; `representation` its VR. A sequence that is
/// kept is gone through as well, its own decision first.
typedef cdcmtk_action (*cdcmtk_policy)(
    void *context, uint16_t group, uint16_t element, const char *representation, const char *text, char *replacement,
    size_t size);

/// Asks the policy about every element of the data set, last to first. Returns 0 where an element could not be changed; the file
/// is then of no use.
int cdcmtk_rewrite(cdcmtk_file *file, cdcmtk_policy policy, void *context);

/// Sets a text of the data set. Returns 0 where it failed.
int cdcmtk_put_text(cdcmtk_file *file, uint16_t group, uint16_t element, const char *text);
/// Adds an item with a code (PS3.3 8.1) to a sequence of the data set. Returns 0 where it failed.
int cdcmtk_put_code(
    cdcmtk_file *file, uint16_t group, uint16_t element, const char *value, const char *scheme, const char *meaning);

/// The file in the transfer syntax that it was read in, with new meta information and an empty preamble. NULL where it cannot be
/// written. Free with `cdcmtk_free`.
uint8_t *cdcmtk_bytes(cdcmtk_file *file, size_t *count);

#ifdef __cplusplus
}
#endif
#endif
