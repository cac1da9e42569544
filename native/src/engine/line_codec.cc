#include "line_codec.h"

#include <algorithm>
#include <array>

#include "dsp/comfort_noise.h"
#include "dsp/concealer.h"
#include "dsp/g711.h"
#include "dsp/g722.h"
#include "dsp/half_band.h"
#include "dsp/opus_codec.h"

namespace offhook {

namespace {

constexpr int kNarrowRateHz = 8'000;

// The filters are most of the arithmetic per packet; where the processor has AVX2 they take half the time.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define OFFHOOK_CLONES __attribute__((target_clones("avx2", "default"), flatten, noinline))
#else
#define OFFHOOK_CLONES
#endif

OFFHOOK_CLONES void upsample(HalfBandUpsampler& filter, std::span<const std::int16_t> in, std::int16_t* out) noexcept {
  filter.process(in, out);
}

OFFHOOK_CLONES void downsample(HalfBandDownsampler& filter, std::span<const std::int16_t> in, std::int16_t* out) noexcept {
  filter.process(in, out);
}

class G711Codec final : public LineCodec {
 public:
  explicit G711Codec(bool alaw) : alaw_(alaw), concealer_(kNarrowRateHz) {}

  std::size_t decode(std::span<const std::uint8_t> payload, std::int16_t* out) noexcept override {
    std::array<std::int16_t, kMaxPacketSamples / 2> narrow;
    if (payload.empty() || payload.size() > narrow.size()) return 0;
    if (alaw_) {
      alaw_decode(payload, narrow.data());
    } else {
      ulaw_decode(payload, narrow.data());
    }
    const std::span<std::int16_t> frame(narrow.data(), payload.size());
    noise_.clear();
    concealer_.good(frame);
    upsample(up_, frame, out);
    return 2 * payload.size();
  }

  void conceal(std::span<std::int16_t> out, std::span<const std::uint8_t> /*packet_after*/) noexcept override {
    std::array<std::int16_t, kMaxPacketSamples / 2> narrow;
    const std::span<std::int16_t> frame(narrow.data(), std::min(out.size() / 2, narrow.size()));
    concealer_.conceal(frame);
    upsample(up_, frame, out.data());
  }

  void silence(std::span<std::int16_t> out) noexcept override {
    std::array<std::int16_t, kFrameSamples / 2> narrow;
    const std::span<std::int16_t> frame(narrow.data(), std::min(out.size() / 2, narrow.size()));
    noise_.fill(frame);
    concealer_.good(frame);
    upsample(up_, frame, out.data());
  }

  void comfort_noise(std::span<const std::uint8_t> payload) noexcept override { noise_.set(payload); }

  std::size_t encode(std::span<const std::int16_t> frame, std::span<std::uint8_t> out) noexcept override {
    std::array<std::int16_t, kMaxSentSamples / 2> narrow;
    const std::size_t bytes = frame.size() / 2;
    if (bytes > narrow.size() || out.size() < bytes) return 0;
    downsample(down_, frame, narrow.data());
    const std::span<const std::int16_t> samples(narrow.data(), bytes);
    if (alaw_) {
      alaw_encode(samples, out.data());
    } else {
      ulaw_encode(samples, out.data());
    }
    return bytes;
  }

 private:
  const bool alaw_;
  Concealer concealer_;
  ComfortNoise noise_;
  HalfBandUpsampler up_;
  HalfBandDownsampler down_;
};

class G722Codec final : public LineCodec {
 public:
  std::size_t decode(std::span<const std::uint8_t> payload, std::int16_t* out) noexcept override {
    if (payload.empty() || 2 * payload.size() > kMaxPacketSamples) return 0;
    decoder_.decode(payload, out);
    noise_.clear();
    concealer_.good({out, 2 * payload.size()});
    return 2 * payload.size();
  }

  void conceal(std::span<std::int16_t> out, std::span<const std::uint8_t> /*packet_after*/) noexcept override {
    concealer_.conceal(out);
  }

  void silence(std::span<std::int16_t> out) noexcept override {
    noise_.fill(out);
    concealer_.good(out);
  }

  void comfort_noise(std::span<const std::uint8_t> payload) noexcept override { noise_.set(payload); }

  std::size_t encode(std::span<const std::int16_t> frame, std::span<std::uint8_t> out) noexcept override {
    if (out.size() < frame.size() / 2) return 0;
    encoder_.encode(frame, out.data());
    return frame.size() / 2;
  }

 private:
  Concealer concealer_{kAudioRateHz};
  ComfortNoise noise_;
  G722Decoder decoder_;
  G722Encoder encoder_;
};

class OpusCodec final : public LineCodec {
 public:
  std::size_t decode(std::span<const std::uint8_t> payload, std::int16_t* out) noexcept override {
    const int samples = payload.empty() ? -1 : decoder_.decode(payload, {out, kMaxPacketSamples});
    return samples > 0 ? static_cast<std::size_t>(samples) : 0;
  }

  void conceal(std::span<std::int16_t> out, std::span<const std::uint8_t> packet_after) noexcept override {
    const int samples = packet_after.empty() ? decoder_.conceal(out) : decoder_.decode_fec(packet_after, out);
    if (samples < 0) std::fill(out.begin(), out.end(), std::int16_t{0});
  }

  [[nodiscard]] bool repeats_previous(std::span<const std::uint8_t> packet) const noexcept override {
    return OpusDecoderStage::repeats_previous(packet);
  }

  void silence(std::span<std::int16_t> out) noexcept override { std::fill(out.begin(), out.end(), std::int16_t{0}); }

  void apply(const OpusTerms& terms) noexcept override { encoder_.apply(terms); }

  void expect_loss(int percent) noexcept override { encoder_.expect_loss(percent); }

  std::size_t encode(std::span<const std::int16_t> frame, std::span<std::uint8_t> out) noexcept override {
    const int bytes = encoder_.encode(frame, out);
    return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
  }

 private:
  OpusDecoderStage decoder_;
  OpusEncoderStage encoder_;
};

}  // namespace

std::unique_ptr<LineCodec> make_line_codec(CodecKind kind) {
  if (kind == CodecKind::opus) return std::make_unique<OpusCodec>();
  if (kind == CodecKind::g722) return std::make_unique<G722Codec>();
  return std::make_unique<G711Codec>(kind == CodecKind::pcma);
}

}  // namespace offhook
