/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import dev.halley.hub.broker.BrokerPayload;

/**
 * What is the same in the forms of all that nodes tell each other: a version and a kind
 * come first, numbers are in network order, the length of bytes and of UTF-8 comes before
 * them. What is of another version or kind, or was cut off, cannot be read.
 */
final class NodeForm {

	private static final int VERSION = 1;

	private NodeForm() {
	}

	/**
	 * Encodes a message.
	 * @param kind its kind
	 * @param content writes what comes after version and kind
	 */
	static BrokerPayload encode(int kind, Content content) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		try {
			out.writeByte(VERSION);
			out.writeByte(kind);
			content.write(out);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new BrokerPayload(bytes.toByteArray(), true);
	}

	static void write(DataOutputStream out, String text) throws IOException {
		write(out, text.getBytes(StandardCharsets.UTF_8));
	}

	static void write(DataOutputStream out, byte[] bytes) throws IOException {
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	/**
	 * Decodes a message.
	 * @param payload what came
	 * @param lastKind the greatest kind that there is
	 * @param form reads what comes after version and kind
	 * @throws IOException if it cannot be read
	 */
	static <M> M decode(BrokerPayload payload, int lastKind, Form<M> form) throws IOException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload.bytes()));
		int version = in.readUnsignedByte();
		int kind = in.readUnsignedByte();
		if (version != VERSION || kind > lastKind) {
			throw new IOException("Not a message that this version knows: " + version + ", " + kind);
		}
		return form.read(kind, in);
	}

	/**
	 * Reads one of those that have a number.
	 * @param all those that there are, by their numbers
	 */
	static <E extends Enum<E>> E readOneOf(E[] all, DataInputStream in) throws IOException {
		int number = in.readUnsignedByte();
		if (number >= all.length) {
			throw new IOException(
					"Not a " + all[0].getDeclaringClass().getSimpleName() + " that this version knows: " + number);
		}
		return all[number];
	}

	/** Reads how many entries follow. */
	static int readCount(DataInputStream in) throws IOException {
		return readSize(in, "count");
	}

	static String readText(DataInputStream in) throws IOException {
		return new String(readBytes(in), StandardCharsets.UTF_8);
	}

	static byte[] readBytes(DataInputStream in) throws IOException {
		return in.readNBytes(readSize(in, "length"));
	}

	/** What has at least a byte for each is never more than is left. */
	private static int readSize(DataInputStream in, String what) throws IOException {
		int size = in.readInt();
		if (size < 0 || size > in.available()) {
			throw new IOException("Not a " + what + ": " + size);
		}
		return size;
	}

	/** Writes a message. */
	interface Content {

		void write(DataOutputStream out) throws IOException;

	}

	/**
	 * Reads a message.
	 *
	 * @param <M> its type
	 */
	interface Form<M> {

		M read(int kind, DataInputStream in) throws IOException;

	}

}
