// JPEG 2000 through libopenjp2, which DCMTK does not use.
#include <openjpeg-2.5/openjpeg.h>

#include <memory>

#include "File.h"

namespace {

/// The compressed bytes as a stream that OpenJPEG reads, skips and seeks in.
struct Source {
    const uint8_t *bytes;
    size_t count;
    size_t position;
};

OPJ_SIZE_T readSome(void *buffer, OPJ_SIZE_T wanted, void *user) {
    auto source = static_cast<Source *>(user);
    size_t left = source->count - source->position;
    if (left == 0) return static_cast<OPJ_SIZE_T>(-1);
    size_t taken = wanted < left ? wanted : left;
    std::memcpy(buffer, source->bytes + source->position, taken);
    source->position += taken;
    return taken;
}

OPJ_OFF_T skip(OPJ_OFF_T distance, void *user) {
    auto source = static_cast<Source *>(user);
    auto left = static_cast<OPJ_OFF_T>(source->count - source->position);
    if (distance < 0) return -1;
    OPJ_OFF_T taken = distance < left ? distance : left;
    source->position += static_cast<size_t>(taken);
    return taken;
}

OPJ_BOOL seek(OPJ_OFF_T position, void *user) {
    auto source = static_cast<Source *>(user);
    if (position < 0 || static_cast<size_t>(position) > source->count) return OPJ_FALSE;
    source->position = static_cast<size_t>(position);
    return OPJ_TRUE;
}

using Stream = std::unique_ptr<opj_stream_t, void (*)(opj_stream_t *)>;
using Codec = std::unique_ptr<opj_codec_t, void (*)(opj_codec_t *)>;
using Image = std::unique_ptr<opj_image_t, void (*)(opj_image_t *)>;

Stream open(Source &source) {
    Stream stream(opj_stream_create(OPJ_J2K_STREAM_CHUNK_SIZE, OPJ_TRUE), opj_stream_destroy);
    if (!stream) return stream;
    opj_stream_set_read_function(stream.get(), readSome);
    opj_stream_set_skip_function(stream.get(), skip);
    opj_stream_set_seek_function(stream.get(), seek);
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), source.count);
    return stream;
}

bool fits(const opj_image_t &image, const cdcmtk_pixels &shape) {
    if (image.numcomps != 1) return false;
    const opj_image_comp_t &grey = image.comps[0];
    return grey.w == static_cast<OPJ_UINT32>(shape.columns) && grey.h == static_cast<OPJ_UINT32>(shape.rows)
           && grey.prec <= 16;
}

}  // namespace

cdcmtk_status cdcmtk::decodeJPEG2000(
    const uint8_t *bytes, size_t count, const cdcmtk_pixels &shape, int32_t *values, char *message,
    size_t messageSize) {
    static const uint8_t boxed[] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
    bool isJP2 = count >= sizeof boxed && std::memcmp(bytes, boxed, sizeof boxed) == 0;
    Source source{bytes, count, 0};
    Stream stream = open(source);
    Codec codec(opj_create_decompress(isJP2 ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K), opj_destroy_codec);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t *decoded = nullptr;
    bool readable = stream && codec && opj_setup_decoder(codec.get(), &parameters)
                    && opj_read_header(stream.get(), codec.get(), &decoded);
    Image image(decoded, opj_image_destroy);
    if (!readable || !image) {
        tell("the JPEG 2000 header cannot be read", message, messageSize);
        return CDCMTK_UNDECODABLE;
    }
    if (!fits(*image, shape)) {
        tell("the JPEG 2000 image differs in size or components from the DICOM header", message, messageSize);
        return CDCMTK_UNDECODABLE;
    }
    if (!opj_decode(codec.get(), stream.get(), image.get()) || image->comps[0].data == nullptr) {
        tell("the JPEG 2000 codestream is damaged or cut short", message, messageSize);
        return CDCMTK_UNDECODABLE;
    }
    std::memcpy(values, image->comps[0].data, sizeof(int32_t) * static_cast<size_t>(shape.rows) * shape.columns);
    return CDCMTK_OK;
}
