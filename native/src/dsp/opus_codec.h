#pragma once

#include <array>
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
/// Of what is sent: speech of that band is as good as it gets from here on.
inline constexpr int kOpusBitrateBps = 24'000;
/// From 0 (least arithmetic) to 10. The least is two thirds of 2's and a fifth of 10's, for 0.08 and 0.25 dB more of spectral distance
/// to what was said (3.4 dB, 24 kbit/s, prompts recorded by G.722).
inline constexpr int kOpusComplexity = 0;

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

/// What the far end asked of what it is sent (RFC 7587 section 6.1), by default as little as it may; and how hard we try.
struct OpusTerms {
  int max_average_bitrate_bps{kOpusBitrateBps};
  int max_playback_rate_hz{kOpusRateHz};
  bool in_band_fec{false};
  bool dtx{false};
  bool constant_bitrate{false};
  int complexity{kOpusComplexity};
};

/// One stream sent: mono, VoIP, 24 kbit/s or less. Allocates when constructed only.
///
/// Digital silence, which is what an agent that listens sends, is encoded until the encoder has settled; from then on the last
/// packet says it again and again, and costs nothing. Decoders settle likewise: speech goes on where both stand.
class OpusEncoderStage {
 public:
  OpusEncoderStage();

  [[nodiscard]] bool ok() const noexcept { return encoder_ != nullptr; }

  void apply(const OpusTerms& terms) noexcept;
  /// Of what is sent, by the far end's reports. Where it takes in-band FEC, each packet then repeats a coarse version of the one
  /// before it.
  void expect_loss(int percent) noexcept;

  /// Takes 10, 20, 40 or 60 ms. Bytes written; 0 when DTX leaves this packet out; or -1.
  int encode(std::span<const std::int16_t> pcm_16k, std::span<std::uint8_t> out) noexcept;

  void reset() noexcept;

 private:
  void set_redundancy() noexcept;
  [[nodiscard]] bool repeats_silence(std::span<const std::int16_t> pcm_16k) noexcept;

  struct Destroy {
    void operator()(OpusEncoder* encoder) const noexcept;
  };
  static constexpr std::size_t kMostSilenceBytes = 192;

  /// Of the newest packet, if that was digital silence.
  std::array<std::uint8_t, kMostSilenceBytes> silence_{};
  std::size_t silence_bytes_{0};
  std::size_t silent_samples_{0};
  std::size_t frame_samples_{0};
  bool dtx_{false};
  bool in_band_fec_{false};
  int expected_loss_percent_{0};
  std::unique_ptr<OpusEncoder, Destroy> encoder_;
};

}  // namespace offhook
