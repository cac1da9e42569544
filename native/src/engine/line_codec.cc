#include "line_codec.h"

#include <algorithm>
#include <array>

#include "../dsp/g711.h"
#include "../dsp/half_band.h"

namespace offhook {

namespace {

class G711Codec final : public LineCodec {
 public:
  explicit G711Codec(bool alaw) : alaw_(alaw) {}

  std::size_t decode(std::span<const std::uint8_t> payload, std::int16_t* out) noexcept override {
    if (payload.empty() || payload.size() > narrow_.size()) return 0;
    if (alaw_) {
      alaw_decode(payload, narrow_.data());
    } else {
      ulaw_decode(payload, narrow_.data());
    }
    up_.process({narrow_.data(), payload.size()}, out);
    return 2 * payload.size();
  }

  void conceal(std::span<std::int16_t> out) noexcept override {
    while (!out.empty()) {
      const std::size_t count = std::min(out.size() / 2, narrow_.size());
      if (count == 0) break;
      std::fill_n(narrow_.begin(), count, std::int16_t{0});
      up_.process({narrow_.data(), count}, out.data());
      out = out.subspan(2 * count);
    }
  }

  std::size_t encode(std::span<const std::int16_t, kFrameSamples> frame, std::span<std::uint8_t> out) noexcept override {
    constexpr std::size_t kBytes = kFrameSamples / 2;
    if (out.size() < kBytes) return 0;
    down_.process(frame, narrow_out_.data());
    if (alaw_) {
      alaw_encode(narrow_out_, out.data());
    } else {
      ulaw_encode(narrow_out_, out.data());
    }
    return kBytes;
  }

 private:
  const bool alaw_;
  HalfBandUpsampler up_;
  HalfBandDownsampler down_;
  std::array<std::int16_t, kMaxPacketSamples / 2> narrow_{};
  std::array<std::int16_t, kFrameSamples / 2> narrow_out_{};
};

}  // namespace

std::unique_ptr<LineCodec> make_line_codec(CodecKind kind) { return std::make_unique<G711Codec>(kind == CodecKind::pcma); }

}  // namespace offhook
