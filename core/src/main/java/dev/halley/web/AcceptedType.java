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

package dev.halley.web;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeType;

/**
 * A type of content, and how much a request wants it.
 */
record AcceptedType(MediaType type) {

	private static final Comparator<MediaType> BY_PRECISION = Comparator
		.<MediaType, Boolean>comparing(MimeType::isWildcardType)
		.thenComparing(MimeType::isWildcardSubtype);

	/**
	 * Returns the quality that a request gives to this type by its name.
	 * @return 0 if it is not named
	 */
	double namedQuality(HttpServletRequest request) {
		return ranges(request).stream()
			.filter(MimeType::isConcrete)
			.filter(this::isIn)
			.findFirst()
			.map(MediaType::getQualityValue)
			.orElse(0.0);
	}

	/**
	 * Returns the quality that a request gives to this type by the most precise of its
	 * ranges.
	 * @return 0 if it is not wanted
	 */
	double quality(HttpServletRequest request) {
		return ranges(request).stream()
			.filter(this::isIn)
			.min(BY_PRECISION)
			.map(MediaType::getQualityValue)
			.orElse(0.0);
	}

	private boolean isIn(MediaType range) {
		return range.includes(this.type);
	}

	private static List<MediaType> ranges(HttpServletRequest request) {
		List<String> values = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
		try {
			List<MediaType> ranges = MediaType.parseMediaTypes(values);
			return ranges.isEmpty() ? List.of(MediaType.ALL) : ranges;
		}
		catch (InvalidMediaTypeException ex) {
			return List.of();
		}
	}

}
