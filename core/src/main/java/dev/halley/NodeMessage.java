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

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a node asks the others to do with their connections, over the broker of hubs. Of
 * no use to applications.
 *
 * @since 0.1
 * @see NodeLink
 */
public sealed interface NodeMessage {

	/**
	 * Returns the node that asks.
	 * @return its number
	 */
	long node();

	/**
	 * Returns which connections are meant.
	 * @return names and values, which the one who reads them has to know all
	 */
	Map<String, String> to();

	/**
	 * A message is to be sent.
	 *
	 * @param node the node that asks
	 * @param to which connections are meant
	 * @param type the class of the message
	 * @param binary whether its encoded form is binary
	 * @param bytes its encoded form, not copied
	 */
	record Send(long node, Map<String, String> to, String type, boolean binary, byte[] bytes) implements NodeMessage {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Send that && this.node == that.node && this.to.equals(that.to)
					&& this.type.equals(that.type) && this.binary == that.binary
					&& Arrays.equals(this.bytes, that.bytes);
		}

		@Override
		public int hashCode() {
			return Objects.hash(this.node, this.to, this.type, this.binary, Arrays.hashCode(this.bytes));
		}

		/** What is sent is nobody's to read in a log. */
		@Override
		public String toString() {
			return "Send[" + this.type + ", " + this.bytes.length + " bytes]";
		}

	}

	/**
	 * Connections are to be closed.
	 *
	 * @param node the node that asks
	 * @param to which connections are meant
	 * @param code the code of the close status
	 * @param reason its reason, empty if there is none
	 */
	record Close(long node, Map<String, String> to, int code, String reason) implements NodeMessage {
	}

}
