#include "srtp.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "packet.h"

namespace offhook {

namespace {

/// Where the payload begins; 0 when the packet is no RTP. Padding is inside the encrypted part and cannot be judged yet.
std::size_t header_bytes_of(std::span<const std::uint8_t> packet) noexcept {
  if (packet.size() < kRtpHeaderBytes || (packet[0] >> 6U) != 2U) return 0;
  std::size_t bytes = kRtpHeaderBytes + 4U * (packet[0] & 0x0FU);
  if ((packet[0] & 0x10U) != 0) {
    if (bytes + 4 > packet.size()) return 0;
    bytes += 4 + 4U * rtp_detail::read_u16(packet.data() + bytes + 2);
  }
  return bytes <= packet.size() ? bytes : 0;
}

/// Audio is far shorter; what is longer need not be taken under two keys.
constexpr std::size_t kMostOverlapBytes = 1'500;

std::array<std::uint8_t, 4> big_endian(std::uint32_t value) noexcept {
  std::array<std::uint8_t, 4> bytes;
  rtp_detail::write_u32(bytes.data(), value);
  return bytes;
}

}  // namespace

std::uint64_t srtp_index_near(std::uint16_t sequence, std::uint64_t newest) noexcept {
  const auto rollovers = static_cast<std::int64_t>(newest >> 16U);
  const auto newest_sequence = static_cast<std::int64_t>(newest & 0xFFFFU);
  std::int64_t guess = rollovers;
  if (newest_sequence < 0x8000) {
    if (sequence - newest_sequence > 0x8000) guess = rollovers - 1;
  } else if (newest_sequence - 0x8000 > sequence) {
    guess = rollovers + 1;
  }
  return (static_cast<std::uint64_t>(std::max<std::int64_t>(guess, 0)) << 16U) | sequence;
}

std::unique_ptr<SrtpSender> SrtpSender::create(SrtpSuite suite, std::span<const std::uint8_t> master) {
  auto cipher = SrtpCipher::derive(suite, master, SrtpCipher::Stream::rtp, SrtpDirection::protect);
  return cipher == nullptr ? nullptr : std::unique_ptr<SrtpSender>(new SrtpSender(std::move(cipher)));
}

std::size_t SrtpSender::protect(std::span<std::uint8_t> buffer, std::size_t length) noexcept {
  const std::size_t tag_bytes = cipher_->shape().rtp_tag_bytes;
  if (length > buffer.size() || buffer.size() - length < tag_bytes) return 0;
  const auto packet = buffer.first(length);
  const std::size_t header_bytes = header_bytes_of(packet);
  if (header_bytes == 0) return 0;
  const std::uint16_t sequence = rtp_detail::read_u16(packet.data() + 2);
  if (started_ && sequence < last_sequence_) rollovers_ += 1;
  started_ = true;
  last_sequence_ = sequence;
  const std::uint32_t ssrc = rtp_detail::read_u32(packet.data() + 8);
  const std::uint64_t index = (static_cast<std::uint64_t>(rollovers_) << 16U) | sequence;
  const auto payload = packet.subspan(header_bytes);
  if (cipher_->shape().aead) {
    if (!cipher_->seal(ssrc, index, packet.first(header_bytes), {}, payload, buffer.data() + length)) return 0;
  } else {
    if (!cipher_->crypt(ssrc, index, payload)) return 0;
    std::array<std::uint8_t, 20> tag;
    cipher_->authenticate(packet, big_endian(rollovers_), tag);
    std::copy_n(tag.begin(), tag_bytes, buffer.begin() + static_cast<std::ptrdiff_t>(length));
  }
  return length + tag_bytes;
}

std::unique_ptr<SrtpReceiver> SrtpReceiver::create(SrtpSuite suite, std::span<const std::uint8_t> master) {
  auto cipher = SrtpCipher::derive(suite, master, SrtpCipher::Stream::rtp, SrtpDirection::unprotect);
  return cipher == nullptr ? nullptr : std::unique_ptr<SrtpReceiver>(new SrtpReceiver(std::move(cipher)));
}

SrtpReceiver::Source* SrtpReceiver::find(std::uint32_t ssrc) noexcept {
  for (Source& source : sources_) {
    if (source.window.started() && source.ssrc == ssrc) return &source;
  }
  return nullptr;
}

std::unique_ptr<SrtpReceiver> SrtpReceiver::take_over_from(std::unique_ptr<SrtpReceiver> before) noexcept {
  auto oldest = before == nullptr ? nullptr : std::move(before->before_);
  overlap_left_ = before == nullptr ? 0 : kOverlapPackets;
  before_ = std::move(before);
  return oldest;
}

std::size_t SrtpReceiver::unprotect(std::span<std::uint8_t> packet) noexcept {
  std::array<std::uint8_t, kMostOverlapBytes> copy;
  if (overlap_left_ == 0 || packet.size() > copy.size()) return unprotect_now(packet);
  // A refused packet may come out of the cipher changed.
  std::copy(packet.begin(), packet.end(), copy.begin());
  if (const std::size_t length = unprotect_now(packet); length > 0) {
    overlap_left_ -= 1;
    return length;
  }
  std::copy_n(copy.begin(), packet.size(), packet.begin());
  return before_->unprotect_now(packet);
}

std::size_t SrtpReceiver::unprotect_now(std::span<std::uint8_t> packet) noexcept {
  const std::size_t header_bytes = header_bytes_of(packet);
  const std::size_t tag_bytes = cipher_->shape().rtp_tag_bytes;
  if (header_bytes == 0 || packet.size() < header_bytes + tag_bytes) return 0;
  const std::uint16_t sequence = rtp_detail::read_u16(packet.data() + 2);
  const std::uint32_t ssrc = rtp_detail::read_u32(packet.data() + 8);
  Source* source = find(ssrc);
  const std::uint64_t index = source == nullptr ? sequence : srtp_index_near(sequence, source->window.newest());
  if (source != nullptr && !source->window.is_new(index)) return 0;
  if (!open(packet, header_bytes, ssrc, index)) return 0;
  if (source == nullptr) {
    source = &sources_[oldest_];
    oldest_ = (oldest_ + 1) % kMostSources;
    *source = Source{.ssrc = ssrc, .window = {}};
  }
  source->window.accept(index);
  return packet.size() - tag_bytes;
}

bool SrtpReceiver::open(std::span<std::uint8_t> packet, std::size_t header_bytes, std::uint32_t ssrc, std::uint64_t index) noexcept {
  const std::size_t tag_bytes = cipher_->shape().rtp_tag_bytes;
  const auto plain = packet.first(packet.size() - tag_bytes);
  const std::uint8_t* tag = packet.data() + plain.size();
  const auto payload = plain.subspan(header_bytes);
  if (cipher_->shape().aead) return cipher_->open(ssrc, index, plain.first(header_bytes), {}, payload, tag);
  std::array<std::uint8_t, 20> expected;
  cipher_->authenticate(plain, big_endian(static_cast<std::uint32_t>(index >> 16U)), expected);
  return CRYPTO_memcmp(expected.data(), tag, tag_bytes) == 0 && cipher_->crypt(ssrc, index, payload);
}

}  // namespace offhook
