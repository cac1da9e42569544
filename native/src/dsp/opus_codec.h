#pragma once

#include <cstdint>
#include <memory>
#include <span>

struct OpusDecoder;
struct OpusEncoder;

/// Opus (RFC 6716) as speech at 16 kHz mono, which spares resampling. The RTP clock is 48 kHz all the same (RFC 7587).
namespace offhook {

inline constexpr int kOpusRateHz = 16'000;
/// A packet holds at most 120 ms.
inline constexpr int kOpusMaxFrameSamples = kOpusRateHz * 120 / 1000;
/// What one frame may take at most (RFC 6716 section 3.2.1).
inline constexpr int kOpusMaxFrameBytes = 1275;

/// One stream received. Allocates when constructed only.
class OpusDecoderStage {
 public:
  OpusDecoderStage();

  /// False when there was no memory; the stage then fails every call.
  [[nodiscard]] bool ok() const noexcept { return decoder_ != nullptr; }

  /// Samples written, or -1 for a packet that is damaged or holds more than `out`. Stereo comes out mixed to mono.
  int decode(std::span<const std::uint8_t> packet, std::span<std::int16_t> out) noexcept;

  /// Fills `out`, whose length is that of what was lost (a multiple of 2.5 ms), from the decoder's state. Samples written, or -1.
  int conceal(std::span<std::int16_t> out) noexcept;

  /// Fills `out` likewise, from what the packet after the loss repeats about it, if anything, else as `conceal`.
  /// Call `decode` with the same packet afterwards.
  int decode_fec(std::span<const std::uint8_t> packet_after, std::span<std::int16_t> out) noexcept;

  /// Whether `packet` carries a coarse version of the one before it, for `decode_fec`.
  [[nodiscard]] static bool repeats_previous(std::span<const std::uint8_t> packet) noexcept;

  /// For a new stream in place of the old one.
  void reset() noexcept;

 private:
  int run(const std::uint8_t* packet, std::size_t size, std::span<std::int16_t> out, bool fec) noexcept;

  struct Destroy {
    void operator()(OpusDecoder* decoder) const noexcept;
  };
  std::unique_ptr<OpusDecoder, Destroy> decoder_;
};

/// One stream sent: VoIP, 24 kbit/s, no DTX, so that a packet leaves every time. Allocates when constructed only.
class OpusEncoderStage {
 public:
  /// `complexity` runs from 0 (a quarter of the cost) to 10. With `expected_loss_percent` above zero each packet repeats a coarse
  /// version of the one before it; for receivers that said useinbandfec=1.
  explicit OpusEncoderStage(int complexity = 2, int expected_loss_percent = 0);

  [[nodiscard]] bool ok() const noexcept { return encoder_ != nullptr; }

  /// Takes 10, 20, 40 or 60 ms. Bytes written, or -1.
  int encode(std::span<const std::int16_t> pcm_16k, std::span<std::uint8_t> out) noexcept;

  void reset() noexcept;

 private:
  struct Destroy {
    void operator()(OpusEncoder* encoder) const noexcept;
  };
  std::unique_ptr<OpusEncoder, Destroy> encoder_;
};

}  // namespace offhook
