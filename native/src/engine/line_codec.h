#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "dsp/opus_codec.h"

namespace offhook {

inline constexpr int kAudioRateHz = 16'000;
inline constexpr std::size_t kFrameSamples = 320;        ///< 20 ms at 16 kHz
inline constexpr std::size_t kMaxPacketSamples = 1'920;  ///< 120 ms at 16 kHz, the longest packet taken
inline constexpr std::size_t kMaxSentSamples = 960;      ///< 60 ms at 16 kHz, the longest packet sent

/// Between one line's payloads and 16 kHz audio, both ways. Stateful: whatever the far end said, or failed to say, passes
/// through in order. Used by the media thread only.
class LineCodec {
 public:
  virtual ~LineCodec() = default;
  /// `out` takes `kMaxPacketSamples`. Returns samples written; 0 when the payload is no good.
  virtual std::size_t decode(std::span<const std::uint8_t> payload, std::int16_t* out) noexcept = 0;
  /// Makes up what was lost, a whole number of 2.5 ms, at most `kMaxPacketSamples`. `packet_after` is the one behind the loss when
  /// `out` is the last packet lost, else empty.
  virtual void conceal(std::span<std::int16_t> out, std::span<const std::uint8_t> packet_after) noexcept = 0;
  /// Whether `packet` says again what the one before it said, so that a loss can be made good from it.
  [[nodiscard]] virtual bool repeats_previous(std::span<const std::uint8_t> /*packet*/) const noexcept { return false; }
  /// The far end sent nothing because there was nothing to say; at most 20 ms at a time.
  virtual void silence(std::span<std::int16_t> out) noexcept = 0;
  /// A CN packet (RFC 3389): from now on `silence` is noise as it says, until audio comes.
  virtual void comfort_noise(std::span<const std::uint8_t> /*payload*/) noexcept {}
  /// What the far end asked of what it is sent; of Opus only.
  virtual void apply(const OpusTerms& /*terms*/) noexcept {}
  /// How much of what is sent does not arrive.
  virtual void expect_loss(int /*percent*/) noexcept {}
  /// One packet time, at most `kMaxSentSamples`, to one payload. Returns bytes written; 0 when nothing is to be sent.
  virtual std::size_t encode(std::span<const std::int16_t> frame, std::span<std::uint8_t> out) noexcept = 0;
};

enum class CodecKind : std::uint8_t { pcmu, pcma, g722, opus };

std::unique_ptr<LineCodec> make_line_codec(CodecKind kind);

}  // namespace offhook
