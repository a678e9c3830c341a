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

import java.lang.reflect.Field;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.util.Assert;
import org.springframework.util.MultiValueMap;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.multipart.support.AbstractMultipartHttpServletRequest;
import org.springframework.web.multipart.support.StandardMultipartHttpServletRequest;
import org.springframework.web.util.WebUtils;

/**
 * The uploaded files of a request that is answered with a stream. Spring MVC deletes them
 * when the handler has returned, unless it waits itself for an asynchronous result; but
 * an out may read them as long as it runs. The container deletes them when the response
 * has ended.
 */
final class MultipartFiles {

	private static final Field FILES = files();

	private MultipartFiles() {
	}

	private static Field files() {
		Field field = ReflectionUtils.findField(AbstractMultipartHttpServletRequest.class, "multipartFiles",
				MultiValueMap.class);
		Assert.state(field != null, "AbstractMultipartHttpServletRequest has no field 'multipartFiles'");
		ReflectionUtils.makeAccessible(field);
		return field;
	}

	/** Lets the files look as if nobody had asked for them, which keeps them. */
	static void keep(HttpServletRequest request) {
		StandardMultipartHttpServletRequest multipart = WebUtils.getNativeRequest(request,
				StandardMultipartHttpServletRequest.class);
		if (multipart != null) {
			ReflectionUtils.setField(FILES, multipart, null);
		}
	}

}
