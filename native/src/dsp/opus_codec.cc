#include "dsp/opus_codec.h"

#include <opus.h>

#include <algorithm>
#include <array>

namespace offhook {

namespace {

constexpr int kChannels = 1;
constexpr int kLeastBitrateBps = 6'000;
/// A packet this small says only that nothing changes; it need not be sent.
constexpr int kDtxBytes = 2;
/// Of silence that is encoded before its packet is repeated. The encoder's filters, gains and noise shaping are at rest long before.
constexpr std::size_t kSettledSamples = kOpusRateHz;

int bandwidth_for(int playback_rate_hz) noexcept {
  if (playback_rate_hz <= 8'000) return OPUS_BANDWIDTH_NARROWBAND;
  return playback_rate_hz <= 12'000 ? OPUS_BANDWIDTH_MEDIUMBAND : OPUS_BANDWIDTH_WIDEBAND;
}

}  // namespace

OpusDecoderStage::OpusDecoderStage() : decoder_(opus_decoder_create(kOpusRateHz, kChannels, nullptr)) {}

void OpusDecoderStage::Destroy::operator()(OpusDecoder* decoder) const noexcept { opus_decoder_destroy(decoder); }

int OpusDecoderStage::decode(std::span<const std::uint8_t> packet, std::span<std::int16_t> out) noexcept {
  // To libopus an empty packet means a lost one, of a length nobody told.
  if (packet.empty()) return -1;
  return run(packet.data(), packet.size(), out, false);
}

int OpusDecoderStage::conceal(std::span<std::int16_t> out) noexcept { return run(nullptr, 0, out, false); }

int OpusDecoderStage::decode_fec(std::span<const std::uint8_t> packet_after, std::span<std::int16_t> out) noexcept {
  return packet_after.empty() ? conceal(out) : run(packet_after.data(), packet_after.size(), out, true);
}

bool OpusDecoderStage::repeats_previous(std::span<const std::uint8_t> packet) noexcept {
  constexpr int kMostFrames = 48;
  constexpr int kFirstCeltConfiguration = 16;  // the upper half have no SILK layer (RFC 6716 section 3.1), and so no repetition
  if (packet.empty() || packet[0] >> 3U >= kFirstCeltConfiguration) return false;
  std::array<const unsigned char*, kMostFrames> frames{};
  std::array<opus_int16, kMostFrames> sizes{};
  const int count = opus_packet_parse(packet.data(), static_cast<opus_int32>(packet.size()), nullptr, frames.data(), sizes.data(), nullptr);
  if (count < 1 || sizes[0] < 1) return false;
  // The frame begins with a voice flag for each 20 ms, then the flag looked for, all of them plain bits (section 4.2.3).
  const int samples = opus_packet_get_samples_per_frame(packet.data(), kOpusRateHz);
  const int voice_flags = std::max(1, samples / (kOpusRateHz / 50));
  return (frames[0][0] >> (7 - voice_flags) & 1) != 0;
}

void OpusDecoderStage::reset() noexcept {
  if (decoder_) opus_decoder_ctl(decoder_.get(), OPUS_RESET_STATE);
}

int OpusDecoderStage::run(const std::uint8_t* packet, std::size_t size, std::span<std::int16_t> out, bool fec) noexcept {
  if (!decoder_ || out.empty()) return -1;
  const auto room = static_cast<int>(std::min<std::size_t>(out.size(), kOpusMaxFrameSamples));
  const int samples = opus_decode(decoder_.get(), packet, static_cast<opus_int32>(size), out.data(), room, fec ? 1 : 0);
  return samples < 0 ? -1 : samples;
}

OpusEncoderStage::OpusEncoderStage()
    : encoder_(opus_encoder_create(kOpusRateHz, kChannels, OPUS_APPLICATION_VOIP, nullptr)) {
  if (!encoder_) return;
  opus_encoder_ctl(encoder_.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  apply({});
}

void OpusEncoderStage::apply(const OpusTerms& terms) noexcept {
  if (!encoder_) return;
  silent_samples_ = 0;
  dtx_ = terms.dtx;
  opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(std::clamp(terms.complexity, 0, 10)));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(std::clamp(terms.max_average_bitrate_bps, kLeastBitrateBps, kOpusBitrateBps)));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_MAX_BANDWIDTH(bandwidth_for(terms.max_playback_rate_hz)));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_VBR(terms.constant_bitrate ? 0 : 1));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_DTX(terms.dtx ? 1 : 0));
  in_band_fec_ = terms.in_band_fec;
  set_redundancy();
}

void OpusEncoderStage::expect_loss(int percent) noexcept {
  expected_loss_percent_ = std::clamp(percent, 0, 100);
  set_redundancy();
}

void OpusEncoderStage::set_redundancy() noexcept {
  if (!encoder_) return;
  opus_encoder_ctl(encoder_.get(), OPUS_SET_INBAND_FEC(in_band_fec_ && expected_loss_percent_ > 0 ? 1 : 0));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_PACKET_LOSS_PERC(expected_loss_percent_));
}

/// Whether the packet before says all that is to be said of these samples too. To be asked of each packet, in order.
bool OpusEncoderStage::repeats_silence(std::span<const std::int16_t> pcm_16k) noexcept {
  int any = 0;
  for (const std::int16_t sample : pcm_16k) any |= sample;
  if (any != 0 || pcm_16k.size() != frame_samples_) silent_samples_ = 0;
  frame_samples_ = pcm_16k.size();
  if (any == 0) silent_samples_ += pcm_16k.size();
  // The encoder itself counts when it is to refresh what it leaves out.
  return !dtx_ && silent_samples_ > kSettledSamples && silence_bytes_ > 0;
}

void OpusEncoderStage::Destroy::operator()(OpusEncoder* encoder) const noexcept { opus_encoder_destroy(encoder); }

int OpusEncoderStage::encode(std::span<const std::int16_t> pcm_16k, std::span<std::uint8_t> out) noexcept {
  if (!encoder_ || pcm_16k.empty() || pcm_16k.size() > kOpusMaxFrameSamples || out.empty()) return -1;
  if (repeats_silence(pcm_16k) && silence_bytes_ <= out.size()) {
    std::copy_n(silence_.begin(), silence_bytes_, out.begin());
    return static_cast<int>(silence_bytes_);
  }
  const auto room = static_cast<opus_int32>(std::min<std::size_t>(out.size(), kOpusMaxFrameBytes));
  const int bytes = opus_encode(encoder_.get(), pcm_16k.data(), static_cast<int>(pcm_16k.size()), out.data(), room);
  if (bytes < 0) return -1;
  const auto size = static_cast<std::size_t>(bytes);
  silence_bytes_ = silent_samples_ > 0 && size <= silence_.size() ? size : 0;
  std::copy_n(out.begin(), silence_bytes_, silence_.begin());
  return bytes <= kDtxBytes ? 0 : bytes;
}

void OpusEncoderStage::reset() noexcept {
  silent_samples_ = 0;
  if (encoder_) opus_encoder_ctl(encoder_.get(), OPUS_RESET_STATE);
}

}  // namespace offhook
